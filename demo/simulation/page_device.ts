// Not imported from the index of the API, because this is loaded before the rest of it is needed.
import { DeviceError, type DeviceHandle, openAdapterDevice } from '../../src/engine/webgpu/device/device.js';
import { PageFailure } from '../view/failures.js';

/** The browser's device. Rejects with a PageFailure for each way in which there is none. */
export async function openPageDevice(): Promise<DeviceHandle> {
  if (!navigator.gpu) {
    if (!isSecureContext)
      throw new PageFailure(
        'insecure-page',
        'WebGPU works only on secure pages.',
        'Open this page over https or from localhost.',
      );
    throw new PageFailure(
      'no-webgpu',
      'This browser has no WebGPU.',
      'Use a current Chrome or Edge (113 or newer), Safari 26 or Firefox 141 and later.',
    );
  }
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter)
    throw new PageFailure(
      'no-adapter',
      'The browser has WebGPU but offers no adapter.',
      'Turn on hardware acceleration in the browser settings and update the graphics driver; on Linux open ' +
        'chrome://flags and enable "Vulkan" and "Unsafe WebGPU Support".',
    );
  try {
    return await openAdapterDevice(adapter, {}, []);
  } catch (error) {
    if (!(error instanceof DeviceError)) throw error;
    throw new PageFailure(
      'no-device',
      'The graphics adapter provided no device.',
      'Close other pages and programs that use the GPU, then reload.',
      error.what,
    );
  }
}
