/** In the place of OpenNext's `aws-apigw-v2`, which reads the files of a Next.js build. */
export default {
  name: 'http-api',
  convertFrom: async ({ rawPath, requestContext, headers }) => ({
    type: 'core',
    method: requestContext.http.method,
    rawPath,
    headers,
  }),
  convertTo: async ({ statusCode, headers, body }) => ({
    statusCode,
    headers,
    body: await new Response(body).text(),
  }),
};
