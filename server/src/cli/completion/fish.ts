import type { Place } from './words.ts';

/** Quotes text for fish. */
const quoted = (text: string) => `'${text.replaceAll(/[\\']/g, '\\$&')}'`;

/** Returns a script for fish, with descriptions. Where a command takes other words, fish completes files. */
export function fishScript(places: readonly Place[]): string {
  const paths = places.map(({ path }) => path).filter((path) => path !== '');
  const lines = places.flatMap(({ path, commands, flags, values }) => {
    const here = `complete -c swipenet -n ${quoted(`__swipenet_at '${path}'`)}`;
    return [
      ...commands.map(({ text, help }) => `${here} -f -a ${text} -d ${quoted(help)}`),
      ...(values.length > 0 ? [`${here} -f -a ${quoted(values.join(' '))}`] : []),
      ...flags.map(({ text, help, takesValue, values: accepted }) => {
        const value = accepted.length > 0 ? ` -x -a ${quoted(accepted.join(' '))}` : takesValue ? ' -r' : '';
        return `${here} -l ${text.slice('--'.length)}${value} -d ${quoted(help)}`;
      }),
    ];
  });
  return `# Completion of swipenet for fish: swipenet completion fish | source
function __swipenet_at
  set -l place ''
  for word in (commandline -opc)[2..]
    switch $place/$word
      case ${paths.map(quoted).join(' ')}
        set place $place/$word
    end
  end
  test "$place" = "$argv[1]"
end
${lines.join('\n')}
`;
}
