import type { Place, Word } from './words.ts';

const texts = (words: readonly Word[]) => words.map(({ text }) => text);

/** Returns a script for bash. After a flag with a value, and where a command takes other words, bash completes files. */
export function bashScript(places: readonly Place[]): string {
  const paths = places.map(({ path }) => path).filter((path) => path !== '');
  const withValues = places.flatMap(({ path, flags }) =>
    flags.filter(({ values }) => values.length > 0).map(({ text, values }) => [`${path}:${text}`, values] as const),
  );
  const withOthers = places.flatMap(({ path, flags }) =>
    flags.filter(({ takesValue, values }) => takesValue && values.length === 0).map(({ text }) => `${path}:${text}`),
  );
  return `# Completion of swipenet for bash: source <(swipenet completion bash)
_swipenet() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} place= word words=
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $place/$word in
      ${paths.join('|')}) place=$place/$word ;;
    esac
  done
  COMPREPLY=()
  case $place:$previous in
${withValues.map(([pattern, values]) => `    ${pattern}) words='${values.join(' ')}' ;;`).join('\n')}
    ${withOthers.join('|')}) return ;;
    *)
      case $place in
${places.map((place) => `        ${place.path || "''"}) words='${followers(place).join(' ')}' ;;`).join('\n')}
      esac ;;
  esac
  [[ $words == -* && $current != -* ]] && return
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _swipenet swipenet
`;
}

const followers = ({ commands, flags, values }: Place) => [...texts(commands), ...values, ...texts(flags)];
