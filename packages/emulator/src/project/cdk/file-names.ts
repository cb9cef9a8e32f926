/** What says how an app of the CDK is run. */
export const CDK_APP = 'cdk.json';
/** What an app writes about all that it writes. */
export const CDK_MANIFEST = 'manifest.json';
