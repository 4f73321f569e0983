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
    const commands = [...dockerfile.matchAll(/^CMD (\[.*\])$/gm)].map(([, words]): string[] => JSON.parse(words!));
    expect(commands.map(([name, , device]) => [name, device])).toEqual([
      ['serve', 'cpu'],
      ['serve', 'cuda:0'],
    ]);
    const started = /^ExecStart=(.+)$/m.exec(unit)?.[1]?.split(' ') ?? [];
    const used = [...commands.flat(), ...started].filter((word) => word.startsWith('--'));
    expect(used).toContain('--device');
    expect(used.filter((flag) => !flags.includes(flag))).toEqual([]);
    const set = [dockerfile, unit].flatMap((text) => [...text.matchAll(/SWIPENET_\w+/g)]).map(([name]) => name);
    expect(set.filter((name) => !(variables as string[]).includes(name))).toEqual([]);
  });

  it('asks for readiness where the server answers it', () => {
    const address = `http://127.0.0.1:${DEFAULT_PORT}${ROUTES.ready.path}`;
    expect(dockerfile.split(`fetch('${address}')`)).toHaveLength(3); // in both targets
    expect(dockerfile).toContain(`EXPOSE ${DEFAULT_PORT}`);
    expect(compose).toContain(`"127.0.0.1:${DEFAULT_PORT}:${DEFAULT_PORT}"`);
  });

  it('is alike on the CPU and on a GPU, but for the device and its libraries', () => {
    const target = (name: string) =>
      dockerfile.split(/^FROM /m).find((stage) => stage.split('\n')[0]!.endsWith(` AS ${name}`));
    const common = [
      'COPY --from=package /opt',
      'RUN install',
      'ENV',
      'USER',
      'VOLUME',
      'EXPOSE',
      'HEALTHCHECK',
      'ENTRYPOINT',
    ];
    const linesOf = (name: string) =>
      target(name)!
        .split('\n')
        .filter((line) => common.some((start) => line.startsWith(start)));
    expect(linesOf('cpu')).toHaveLength(common.length);
    expect(linesOf('cuda')).toEqual(linesOf('cpu'));
    expect(/target: (\S+)/.exec(compose)?.[1]).toBe('cpu');
    expect(/target: (\S+)/.exec(read(join(FOLDER, 'compose.cuda.yaml')))?.[1]).toBe('cuda');
  });

  it('keeps its state where the server and the volume have it', () => {
    const home = /SWIPENET_HOME=(\S+)/.exec(dockerfile)?.[1];
    expect(dockerfile).toContain(`VOLUME ${home}\n`);
    expect(compose).toContain(`- home:${home}\n`);
  });

  it('starts as a service in the folder of the project', () => {
    const program = /^ExecStart=(\S+)/m.exec(unit)?.[1];
    expect(/^WorkingDirectory=(.+)$/m.exec(unit)?.[1]).toBe(dirname(dirname(dirname(program!))));
  });
});
