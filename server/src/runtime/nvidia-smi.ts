import type { RunProgram } from '../child/run-program.ts';

/** A GPU's values by field, as nvidia-smi prints them, without units. Unknown values are in brackets: `[N/A]`. */
export type GpuValues<Field extends string> = Readonly<Record<Field | 'index' | 'name', string>>;

/**
 * Queries every GPU of this machine with nvidia-smi, which comes with the driver.
 *
 * @param fields what to query in addition to `index` and `name`. `nvidia-smi --help-query-gpu` lists all fields.
 * @throws Error saying what is wrong: nvidia-smi isn't installed, it failed (with its output), or it lists no GPU.
 */
export async function queryGpus<Field extends string>(
  run: RunProgram,
  fields: readonly Field[],
): Promise<GpuValues<Field>[]> {
  const columns = ['index', ...fields, 'name']; // the name comes last because it may have a comma
  const end = await run('nvidia-smi', [`--query-gpu=${columns.join(',')}`, '--format=csv,noheader,nounits']);
  if (!end) throw new Error('nvidia-smi is not installed');
  if (end.code !== 0) throw new Error(`nvidia-smi failed: ${`${end.stderr}\n${end.stdout}`.trim()}`);
  const gpus = end.stdout.split('\n').flatMap((line) => {
    const cells = line.split(',').map((cell) => cell.trim());
    const name = cells.splice(columns.length - 1).join(', ');
    // The output may have other lines: `No devices were found`.
    if (!/^\d+$/.test(cells[0]!) || name === '') return [];
    return [Object.fromEntries([...cells, name].map((cell, index) => [columns[index], cell])) as GpuValues<Field>];
  });
  if (gpus.length === 0) throw new Error(['nvidia-smi lists no GPU', end.stdout.trim()].filter(Boolean).join(': '));
  return gpus;
}
