/**
 * A stopped process does not see that its worker is gone, and would stay for ever. A guard knows the
 * process groups that are stopped, and kills them when the worker ends without letting them go on.
 */
import { type Guard, openGuard } from "../guard.ts";

const script = `stopped=" "
while read -r change group; do
  case $change in
    stop) stopped="$stopped$group " ;;
    go) stopped="\${stopped%%" $group "*} \${stopped#*" $group "}" ;;
  esac
done
for group in $stopped; do kill -s KILL -- "-$group"; done`;

export class StopGuard {
  readonly #stopped = new Set<number>();
  #guard: Guard | undefined;

  stopped(group: number): void {
    if (this.#stopped.has(group)) return;
    this.#stopped.add(group);
    this.#guard ??= openGuard(script, []);
    this.#guard.tell(`stop ${String(group)}`);
  }

  goesOn(group: number): void {
    if (this.#stopped.delete(group)) this.#guard?.tell(`go ${String(group)}`);
  }

  async close(): Promise<void> {
    await this.#guard?.close();
  }
}
