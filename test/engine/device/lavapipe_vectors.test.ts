import { describe, expect, it } from 'vitest';
import { lavapipeSettings } from '../../../src/engine/webgpu/node/lavapipe_vectors.js';

const NOTHING_SET = { width: undefined, cache: undefined };

describe('vectors of lavapipe', () => {
  it('are as wide as the processor allows for computing, with a cache of compiled kernels of their own', () => {
    const wide = { width: '512', cache: '/c/lavapipe-512' };
    expect(lavapipeSettings('compute', NOTHING_SET, true, '/c')).toEqual(wide);
    expect(lavapipeSettings('compute', NOTHING_SET, false, '/c')).toEqual(NOTHING_SET);
    expect(lavapipeSettings('compute', NOTHING_SET, true, null)).toEqual({ ...wide, cache: undefined });
  });

  it('are no wider than 256 bits for drawing, whatever the processor has and the user has set', () => {
    const narrow = { width: '256', cache: '/c/lavapipe-256' };
    expect(lavapipeSettings('graphics', NOTHING_SET, true, '/c')).toEqual(narrow);
    expect(lavapipeSettings('graphics', NOTHING_SET, false, '/c')).toEqual(NOTHING_SET);
    for (const width of ['512', '1024'])
      expect(lavapipeSettings('graphics', { width, cache: '/mine' }, true, '/c')).toEqual(narrow);
  });

  it('stay what the user has set where lavapipe works with it', () => {
    for (const width of ['128', '256', '512']) {
      const users = { width, cache: undefined };
      expect(lavapipeSettings('compute', users, true, '/c')).toEqual(users);
      if (width !== '512') expect(lavapipeSettings('graphics', users, true, '/c')).toEqual(users);
    }
    const cache = '/mine';
    expect(lavapipeSettings('compute', { width: undefined, cache }, true, '/c').cache).toBe(cache);
    expect(lavapipeSettings('compute', { width: undefined, cache }, false, '/c').cache).toBe(cache);
  });
});
