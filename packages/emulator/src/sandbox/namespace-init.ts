/**
 * First process of an environment's mount and PID namespace (a POSIX shell script): builds the
 * file system, then starts processes and signals them as it is told on stdin. The kernel ends every
 * process of the namespace with it, and it ends when its stdin does: nothing outlives the emulator,
 * however that dies.
 *
 * Arguments: root, control, opt, task, runtime, node program, var, tmp, hosts,
 * folder that these hide and that is shown all the same (or "").
 * Commands: `start ID`, `signal NAME TARGET` (a process, or a group as negative number), `freeze`, `thaw`, `killall`.
 * Replies: `ready`, `fifo ID`, `started ID PID`, `exited ID STATUS`, `done`.
 */
export const NAMESPACE_INIT = `
root=$1 control=$2 opt=$3 task=$4 runtime=$5 node=$6 var=$7 tmp=$8 hosts=$9
shift 9
shown=$1

bind() { mount --bind "$1" "$root$2"; }
readonly_bind() { mount -o bind,ro "$1" "$root$2" 2>/dev/null || bind "$1" "$2"; }

# Sources are paths of the machine's own tree: this shell stays in it, only its children enter $root.
mount --rbind / "$root" &&
  bind "$var" /var &&
  readonly_bind "$opt" /opt &&
  readonly_bind "$task" /var/task &&
  readonly_bind "$runtime" /var/runtime &&
  readonly_bind "$node" /var/lang/bin/node &&
  bind "$tmp" /tmp || exit 1
[ -z "$shown" ] || readonly_bind "$shown" "$shown" || exit 1
[ ! -f /etc/hosts ] || readonly_bind "$hosts" /etc/hosts || exit 1
# Refused in some containers; the machine's own /proc serves then.
mount -t proc proc "$root/proc" 2>/dev/null && processes=$root/proc
echo ready

# Each program has a small parent here that waits for it and reports its end, also while it is frozen.
reporters=
while read -r command first second; do
  case $command in
    start)
      mkfifo "$control/$first.out" "$control/$first.err"
      echo "fifo $first"
      (
        (. "$control/$first.sh") </dev/null >"$control/$first.out" 2>"$control/$first.err" &
        echo "started $first $!"
        wait $!
        echo "exited $first $?"
      ) &
      reporters="$reporters $!"
      ;;
    signal) kill "-$first" "$second" 2>/dev/null ;;
    # In a PID namespace, -1 is every process but this one; and the kernel sends it atomically. What the environment
    # has stopped itself stays so at the thaw.
    freeze)
      stopped=
      for process in \${processes:+"$processes"/[0-9]*/stat}; do
        read -r line <"$process" && case $line in *') T '*) stopped="$stopped \${line%% *}" ;; esac
      done 2>/dev/null
      kill -STOP -1 2>/dev/null
      [ -z "$reporters" ] || kill -CONT $reporters 2>/dev/null
      echo done
      ;;
    thaw)
      if [ -z "$stopped" ]; then
        kill -CONT -1 2>/dev/null
      else
        for process in "$processes"/[0-9]*; do
          process=\${process##*/}
          case "$stopped " in *" $process "*) ;; *) kill -CONT "$process" 2>/dev/null ;; esac
        done
      fi
      stopped=
      echo done
      ;;
    killall)
      kill -KILL -1 2>/dev/null
      reporters=
      echo done
      ;;
  esac
done
`;
