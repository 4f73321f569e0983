import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { settings } from '@swipenet/server/config/settings.ts';
import { DEFAULT_PORT, ROUTES } from '@swipenet/shared/contract/routes.ts';
import { describe, expect, it } from 'vitest';
import { ROOT } from './support/source-files.ts';

// Nothing here builds or starts what is in server/deploy: it is held against the project, so that it does not fall behind.

const FOLDER = 'server/deploy';
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const [dockerfile, compose, unit] = ['Dockerfile', 'compose.yaml', 'swipenet.service'].map((name) =>
  read(join(FOLDER, name)),
) as [string, string, string];

describe('what is deployed', () => {
  it('names only paths of the project that exist', () => {
    const named = [dockerfile, compose, unit].flatMap((text) => [...text.matchAll(/\b(server\/[\w./-]+\w)/g)]);
    const paths = [...new Set(named.map((match) => match[1]!))];
    expect(paths).toContain('server/src/main.ts');
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    const context = /context: (\S+)/.exec(compose)?.[1];
    expect(join(FOLDER, context!)).toBe('.');
  });

  it('starts the server with flags and variables that it has', () => {
    const flags = Object.values(settings).map(({ flag }) => flag.split(' ')[0]);
    const variables = Object.values(settings).map(({ variable }) => variable);
    const command = /^CMD (\[.*\])$/m.exec(dockerfile)?.[1];
    const given: string[] = JSON.parse(command!);
    expect(given[0]).toBe('serve');
    const started = /^ExecStart=(.+)$/m.exec(unit)?.[1]?.split(' ') ?? [];
    const used = [...given, ...started].filter((word) => word.startsWith('--'));
    expect(used).toContain('--device');
    expect(used.filter((flag) => !flags.includes(flag))).toEqual([]);
    const set = [dockerfile, unit].flatMap((text) => [...text.matchAll(/SWIPENET_\w+/g)]).map(([name]) => name);
    expect(set.filter((name) => !(variables as string[]).includes(name))).toEqual([]);
  });

  it('asks for readiness where the server answers it', () => {
    const address = `http://127.0.0.1:${DEFAULT_PORT}${ROUTES.ready.path}`;
    for (const text of [dockerfile, compose]) expect(text).toContain(`fetch('${address}')`);
    expect(dockerfile).toContain(`EXPOSE ${DEFAULT_PORT}`);
    expect(compose).toContain(`"127.0.0.1:${DEFAULT_PORT}:${DEFAULT_PORT}"`);
  });

  it('is installed by the pnpm that the launcher takes, into one folder', () => {
    const pnpm = /PNPM = '(.+)'/.exec(read('server/launcher/install.mjs'))?.[1];
    expect(dockerfile).toContain(`npx -y -p ${pnpm} pnpm install --frozen-lockfile --prod`);
    const folders = [...dockerfile.matchAll(/^WORKDIR (.+)$/gm), ...unit.matchAll(/^WorkingDirectory=(.+)$/gm)];
    const program = /^ExecStart=(\S+)/m.exec(unit)?.[1];
    expect(new Set(folders.map((match) => match[1]))).toEqual(new Set([dirname(dirname(dirname(program!)))]));
  });
});
