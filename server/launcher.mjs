// The launcher behind the root scripts. It is plain JavaScript without dependencies, so it runs under any Node from 20 on.
// It installs what the command needs, then starts the Node that the workspace brings, or a newer one of this machine.
//
//   node server/launcher.mjs start [ARGUMENT...]             builds extension and studio, and starts the server
//   node server/launcher.mjs COMMAND [ARGUMENT...]           the swipenet command line (server/src/main.ts)
//   node server/launcher.mjs run SCRIPT [ARGUMENT...]        a script of the root package.json, with everything installed
//   node server/launcher.mjs run-installed SCRIPT [ARG...]   the same, but installs nothing: fails if something is missing
//   node server/launcher.mjs install-all                     installs everything, and that's all
import { join } from 'node:path';
import { chooseNode } from './launcher/choose-node.mjs';
import { hasEverything, install, root } from './launcher/install.mjs';
import { run, runNpm } from './launcher/run.mjs';

const [first, ...rest] = process.argv.slice(2);

/** Builds the extension and the studio. */
async function build() {
  // Hides the builds' progress. Their errors go to standard error.
  const code = await runNpm('npm', ['run', '-s', 'build'], { cwd: root, stdio: ['ignore', 'ignore', 2] });
  if (code !== 0) {
    console.error('swipenet: building the extension and the studio failed; see the output above');
    process.exit(code);
  }
}

const runScript = ([script, ...parameters]) =>
  runNpm('npm', ['run', '-s', script, '--', ...parameters], { cwd: root, stdio: 'inherit' });

const runSwipenet = (parameters) =>
  run(chooseNode(), [join(root, 'server', 'src', 'main.ts'), ...parameters], {
    cwd: process.env.INIT_CWD ?? process.cwd(), // so that relative paths start at the caller's folder
    stdio: 'inherit',
  });

if (first === 'run-installed') {
  if (!hasEverything()) {
    console.error('swipenet: the packages that this script needs are missing or out of date.');
    console.error('Run `npm run install:all` first.');
    process.exit(1);
  }
} else {
  const code = await install({ everything: first === 'run' || first === 'install-all' });
  if (code !== 0) {
    console.error('swipenet: installation failed; see the output above');
    process.exit(code);
  }
}

if (first === 'start') {
  await build();
  process.exitCode = await runSwipenet(['start', ...rest]);
} else if (first === 'run' || first === 'run-installed') {
  process.exitCode = await runScript(rest);
} else if (first !== 'install-all') {
  process.exitCode = await runSwipenet(process.argv.slice(2));
}
