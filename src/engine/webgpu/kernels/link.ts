import { SHADERS } from './shaders.generated.js';

export interface LinkOptions {
  /** Modules that are made in TypeScript, by import path. */
  readonly generated?: Readonly<Record<string, string>>;
  /** Modules that are made in TypeScript and differ from instance to instance: by import path, then by the instance's name. */
  readonly templates?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** How often the blocks between `#for NAME` and `#end` are repeated, by NAME. */
  readonly repeats?: Readonly<Record<string, number>>;
}

/**
 * Puts a shader together.
 *
 * - `#import path` is replaced by that module, once, where it is first asked for.
 * - A module with the token VARIANT_ is a template: `#import path for name` makes one instance of it and of the templates
 *   that it imports, in which VARIANT is replaced by the instance's name.
 * - The lines between `#for NAME` and `#end` are repeated with 0, 1, ... for every `@`: loops over a few registers are
 *   written out, since software adapters keep arrays that are indexed in a loop in memory. `#each NAME text` repeats
 *   one line with 0, 1, ... for every `&`, also inside such a block.
 */
export function linkShader(
  entry: string,
  { generated = {}, templates = {}, repeats = {} }: LinkOptions = {},
): string {
  const included = new Set<string>();

  const expand = (path: string, variant: string | null): string => {
    const source = templates[path]?.[variant ?? ''] ?? generated[path] ?? SHADERS[path];
    if (source === undefined) throw new Error(`no shader module ${path}`);
    const isTemplate = /VARIANT_/.test(source);
    const key = isTemplate ? `${path} for ${variant}` : path;
    if (included.has(key)) return '';
    included.add(key);
    const repeat = (name: string, body: string, mark: RegExp): string => {
      if (repeats[name] === undefined) throw new Error(`${path}: no number of repeats for ${name}`);
      return Array.from({ length: repeats[name] }, (_, i) => body.replaceAll(mark, String(i))).join('');
    };
    let text = source
      .replace(/^ *#each (\w+) (.*\n)/gm, (_, name: string, line: string) => repeat(name, line, /&(?=\W|u)/g))
      .replace(/^ *#for (\w+)\n([\s\S]*?)^ *#end\n/gm, (_, name: string, body: string) =>
        repeat(name, body, /@(?=\W|u)/g),
      );
    if (isTemplate) {
      if (variant === null) throw new Error(`the template ${path} needs "#import ${path} for NAME"`);
      text = text.replaceAll('VARIANT', variant);
    }
    return text.replace(/^#import (\S+)(?: for (\S+))?$/gm, (_, imported: string, name?: string) =>
      expand(imported, name ?? variant),
    );
  };

  return expand(entry, null);
}
