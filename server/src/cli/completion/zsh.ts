import type { Flag, Place, Word } from './words.ts';

/** Quotes text for the shell. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** `_describe` takes a word and its description, with a colon between them. */
const described = ({ text, help }: Word) => quoted(`${text.replaceAll(':', '\\:')}:${help}`);

/** Returns a script for zsh, with descriptions. After a flag with a value, zsh completes files. */
export function zshScript(places: readonly Place[]): string {
  const paths = places.map(({ path }) => path).filter((path) => path !== '');
  const valued = places.flatMap(({ path, flags }) =>
    flags.filter(({ takesValue }) => takesValue).map((flag) => [`${path}:${flag.text}`, flag] as const),
  );
  return `#compdef swipenet
# Completion of swipenet for zsh: source <(swipenet completion zsh)
_swipenet() {
  local place= word
  local -a found
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case $place/$word in
      ${paths.join('|')}) place=$place/$word ;;
    esac
  done
  case $place:\${words[CURRENT-1]} in
${valued.map(([pattern, flag]) => `    ${pattern}) ${valuesOf(flag)}; return ;;`).join('\n')}
  esac
  case $place in
${places.map((place) => `    ${place.path || "''"}) found=(${followers(place).map(described).join(' ')}) ;;`).join('\n')}
  esac
  if [[ \${words[CURRENT]} != -* && \${found[1]} == -* ]]; then
    _files
  else
    _describe swipenet found
  fi
}
compdef _swipenet swipenet
`;
}

const valuesOf = ({ values }: Flag) => (values.length === 0 ? '_files' : `compadd -- ${values.map(quoted).join(' ')}`);

const followers = ({ commands, flags, values }: Place): readonly Word[] => [
  ...commands,
  ...values.map((text) => ({ text, help: '' })),
  ...flags,
];
