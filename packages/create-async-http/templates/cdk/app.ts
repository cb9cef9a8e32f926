import { AsyncHttp } from '@async-http/cdk';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';

const stack = new Stack(new App(), '{{name}}');

// Bundles the file as index.js; the background handler is in it.
const report = new NodejsFunction(stack, 'Report', {
  entry: 'src/report.{{language}}',
  runtime: Runtime.NODEJS_24_X,
  memorySize: 256,
  timeout: Duration.seconds(60), // For the reply and the work after it. The caller waits for the reply only.
});

// Adds the layer and ASYNC_HANDLER, and checks the function before a deploy.
new AsyncHttp(stack, 'Background').addTo(report, { handler: 'index.background' });

const api = new HttpApi(stack, 'Api');
api.addRoutes({
  path: '/report',
  methods: [HttpMethod.POST],
  integration: new HttpLambdaIntegration('Report', report),
});
new CfnOutput(stack, 'Url', { value: `${api.apiEndpoint}/report` });
