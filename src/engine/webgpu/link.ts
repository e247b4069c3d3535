import { SHADERS } from './shaders.generated.js';

export interface LinkOptions {
  /** Modules that are made in TypeScript, by import path. */
  readonly generated?: Readonly<Record<string, string>>;
  /** Instances of template modules: name of the instance, and the KINETICS that it is made for. */
  readonly variants?: Readonly<Record<string, string>>;
}

/**
 * Puts a shader together. A line `#import path` is replaced by that module, once, where it is first asked for. A module
 * with the token VARIANT_ is a template: `#import path for name` makes one instance of it and of the templates that it
 * imports, in which VARIANT and KINETICS stand for the instance's name and kinetics.
 */
export function linkShader(entry: string, { generated = {}, variants = {} }: LinkOptions = {}): string {
  const included = new Set<string>();

  const expand = (path: string, variant: string | null): string => {
    const source = generated[path] ?? SHADERS[path];
    if (source === undefined) throw new Error(`no shader module ${path}`);
    const isTemplate = /VARIANT_|KINETICS_/.test(source);
    const key = isTemplate ? `${path} for ${variant}` : path;
    if (included.has(key)) return '';
    included.add(key);
    let text = source;
    if (isTemplate) {
      if (variant === null) throw new Error(`the template ${path} needs "#import ${path} for NAME"`);
      text = text.replaceAll('VARIANT', variant).replaceAll('KINETICS', variants[variant]);
    }
    return text.replace(/^#import (\S+)(?: for (\S+))?$/gm, (_, imported: string, name?: string) =>
      expand(imported, name ?? variant),
    );
  };

  return expand(entry, null);
}
