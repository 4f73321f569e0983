import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const program = fileURLToPath(new URL('swipenet.js', import.meta.url));

it('says which Node it needs to one that is too old', () => {
  const old = `data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'22.23.2'}})`;
  const { status, stderr } = spawnSync(process.execPath, ['--import', old, program], { encoding: 'utf8' });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^swipenet: this is Node v[\d.]+, and Swipenet needs Node 24 or newer\n$/);
});
