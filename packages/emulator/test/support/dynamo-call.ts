/**
 * Source of `dynamo(action, input)` for a function: a request to the endpoint in its environment, as an SDK sends it.
 * Returns the response.
 */
export const DYNAMO_CALL = `
const dynamo = (action, input) =>
  fetch(process.env.AWS_ENDPOINT_URL_DYNAMODB, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.' + action,
      'x-amz-date': '20260101T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=local',
    },
    body: JSON.stringify(input),
  });
`;
