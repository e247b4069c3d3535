import { SimulationFault } from '../../src/engine/engine.js';
import { DeviceError } from '../../src/engine/webgpu/device/device.js';

export type FailureKind =
  | 'insecure-page'
  | 'no-webgpu'
  | 'no-adapter'
  | 'no-device'
  | 'device-lost'
  | 'blow-up'
  | 'engine'
  | 'network'
  | 'circuit-file'
  | 'page';

/** Why the page cannot continue, and what the visitor can do about it. */
export class PageFailure extends Error {
  override readonly name = 'PageFailure';
  constructor(
    readonly kind: FailureKind,
    readonly what: string,
    readonly remedy: string,
    /** Message of the browser or the engine. */
    readonly detail = '',
  ) {
    super(`${what} ${remedy}`);
  }
}

export const SOFTWARE_NOTICE =
  'Software renderer: slow. Turn on hardware acceleration in the browser settings; on Linux also "Vulkan" in chrome://flags.';

/** A failure of the engine or its device as the page shows it. */
export function failureOf(error: unknown): PageFailure {
  if (error instanceof PageFailure) return error;
  const detail = error instanceof Error ? error.message : String(error);
  if (error instanceof DeviceError && error.code === 'lost')
    return new PageFailure(
      'device-lost',
      'The GPU device was lost: the driver was reset, or the computer was asleep.',
      'Continue from the last saved state; if it happens again, choose a smaller preset or a lower speed.',
      detail,
    );
  if (error instanceof SimulationFault)
    return new PageFailure(
      'blow-up',
      'The simulation diverged: a membrane potential left its allowed range.',
      'Reset, and then make smaller changes to the experiment.',
      detail,
    );
  if (error instanceof DeviceError || (error instanceof Error && error.name === 'EngineError'))
    return new PageFailure('engine', 'The engine stopped.', 'Reset, or choose a smaller preset.', detail);
  console.error(error);
  return new PageFailure(
    'page',
    'The page failed.',
    'Reload it; if it happens again, please report it.',
    detail,
  );
}
