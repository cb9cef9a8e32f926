export { type BuildLayerOptions, type BuiltLayer, buildLayer } from './build-layer.ts';
export {
  LayerAwsSdkError,
  LayerCarriageReturnError,
  LayerInputMissingError,
  LayerModeError,
  LayerShebangError,
  LayerStrayExtensionError,
  LayerTargetError,
} from './errors.ts';
