export { type BuildLayerOptions, type BuiltLayer, buildLayer } from './build-layer.ts';
export {
  LayerAwsSdkError,
  LayerCarriageReturnError,
  LayerInputMissingError,
  LayerModeError,
  LayerShebangError,
  LayerSourceError,
  LayerStrayExtensionError,
  LayerTargetError,
} from './errors.ts';
export { type LayerVerification, verifyLayer } from './verify-layer.ts';
