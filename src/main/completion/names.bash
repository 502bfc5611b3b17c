
# SPDX-License-Identifier: Apache-2.0
# What the generated completion above does not know: --option=value, values after a comma, and the names that the
# running service has.

# Names of pools, sources or workers, or ids of scans. Nothing where no service answers at once.
_millrace_names() {
  timeout 3 "${COMP_WORDS[0]}" ctl "$1" list --timeout 1s --json 2>/dev/null </dev/null |
    sed -n 's/^{"type":"'"$1"'","\(name\|id\)":"\([A-Za-z0-9._-]*\)".*/\2/p'
}

_millrace() {
  # readline splits at =
  if [[ ${COMP_WORDS[COMP_CWORD]} == "=" ]]; then
    COMP_WORDS[COMP_CWORD]=""
  elif ((COMP_CWORD > 2)) && [[ ${COMP_WORDS[COMP_CWORD - 1]} == "=" ]]; then
    COMP_WORDS=("${COMP_WORDS[@]:0:COMP_CWORD-1}" "${COMP_WORDS[@]:COMP_CWORD}")
    ((COMP_CWORD--))
  fi
  local word=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]} before="" kind="" i
  local typed=" ${COMP_WORDS[*]:1:COMP_CWORD-1} "
  local options='(-[^ ]* )*$'
  if [[ $option == --worker ]]; then
    kind=worker
  elif [[ $word == -* || $word == */* || $typed != " ctl "* ]]; then
    kind=""
  elif [[ $typed =~ " pool "(claim|refill|resize)" "$options ]]; then
    kind=pool
  elif [[ $typed =~ " worker restart "$options ]]; then
    kind=worker
  elif [[ $typed =~ " scan start "$options ]]; then
    kind=source
  elif [[ $typed =~ " scan "(show|pause|resume|cancel|rate)" "$options ]]; then
    kind=scan
  fi
  if [[ -n $kind ]]; then
    local IFS=$'\n'
    COMPREPLY=($(compgen -W "$(_millrace_names "$kind")" -- "$word"))
    return
  fi
  if [[ $option == --digest && $word == *,* ]]; then
    before=${word%,*},
    COMP_WORDS[COMP_CWORD]=${word##*,}
  fi
  _complete_millrace
  for i in "${!COMPREPLY[@]}"; do
    COMPREPLY[i]=$before${COMPREPLY[i]}
  done
}

complete -F _millrace -o default millrace millrace.sh millrace.bash
