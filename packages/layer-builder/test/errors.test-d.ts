import { expectTypeOf, it } from 'vitest';
import type { LayerInputMissingError, LayerShebangError, LayerTargetError } from '../src/index.ts';

it('gives each failure a literal code to match', () => {
  expectTypeOf<LayerInputMissingError['code']>().toEqualTypeOf<'ASYNC_HTTP_LAYER_INPUT_MISSING'>();
  expectTypeOf<LayerShebangError['code']>().toEqualTypeOf<'ASYNC_HTTP_LAYER_SHEBANG'>();
  expectTypeOf<LayerTargetError['code']>().toEqualTypeOf<'ASYNC_HTTP_LAYER_TARGET'>();
});
