// Loaded before the function: OpenTelemetry's SDK, as the OTEL_ variables say. Its CommonJS, because it is bundled as that.
const { NodeSDK } = require('@opentelemetry/sdk-node');

new NodeSDK().start();
