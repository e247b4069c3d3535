/**
 * Struct layouts, defined only here: the TypeScript description packs buffers and emits the WGSL struct. Every field
 * is a 4-byte scalar or an array of them, so a field's offset is 4 times the scalars before it, in storage and
 * (without arrays) in uniform buffers alike.
 */

type ScalarType = 'f32' | 'u32';
export type FieldType = ScalarType | readonly [ScalarType, length: number];

/** One struct: its name and fields in order. */
export interface WgslStruct<F extends Record<string, FieldType>> {
  readonly name: string;
  readonly fields: F;
  /** Size in bytes. */
  readonly byteSize: number;
}

export type FieldValues<F extends Record<string, FieldType>> = {
  readonly [K in keyof F]: F[K] extends ScalarType ? number : ArrayLike<number>;
};

const lengthOf = (type: FieldType) => (typeof type === 'string' ? 1 : type[1]);

export function struct<const F extends Record<string, FieldType>>(name: string, fields: F): WgslStruct<F> {
  const scalars = Object.values(fields).reduce((sum, type) => sum + lengthOf(type), 0);
  return { name, fields, byteSize: 4 * scalars };
}

/** Writes one struct at `byteOffset`. Throws RangeError where an array has another length than its field. */
export function pack<F extends Record<string, FieldType>>(
  layout: WgslStruct<F>,
  values: FieldValues<F>,
  view: DataView,
  byteOffset: number,
): void {
  let at = byteOffset;
  for (const [field, type] of Object.entries(layout.fields)) {
    const value = values[field as keyof F] as number | ArrayLike<number>;
    const list = typeof value === 'number' ? [value] : value;
    if (list.length !== lengthOf(type))
      throw new RangeError(`${layout.name}.${field} takes ${lengthOf(type)} values, got ${list.length}`);
    const scalar = typeof type === 'string' ? type : type[0];
    for (let i = 0; i < list.length; i++, at += 4) {
      if (scalar === 'f32') view.setFloat32(at, list[i], true);
      else view.setUint32(at, list[i], true);
    }
  }
}

/** The WGSL declaration of the struct. */
export function declareStruct(layout: WgslStruct<Record<string, FieldType>>): string {
  const fields = Object.entries(layout.fields).map(([field, type]) =>
    typeof type === 'string' ? `  ${field}: ${type},` : `  ${field}: array<${type[0]}, ${type[1]}>,`,
  );
  return `struct ${layout.name} {\n${fields.join('\n')}\n}\n`;
}
