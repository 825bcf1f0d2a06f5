/**
 * What functions may reach beyond the outside, as groups of devices: the device of a sandbox is put
 * into the group of its policy, in one step of 0.1 ms, and the rules of all policies stand from the
 * start. Nothing is written for a sandbox that has no policy. Pure.
 */
import { SandboxError } from "../errors.ts";
import type { AllowList, NetworkAccess } from "../port.ts";

/** Every device is in group 0 at first. */
const FIRST_GROUP = 1;

export class Policies {
  readonly lists: readonly AllowList[];

  constructor(lists: readonly AllowList[]) {
    this.lists = lists;
  }

  /** Undefined: nothing but the outside, which every sandbox has already. */
  groupOf({ allowList, lambdaApi = false }: NetworkAccess): number | undefined {
    if (allowList === undefined && !lambdaApi) return undefined;
    return this.#group(allowList === undefined ? -1 : this.#indexOf(allowList), lambdaApi);
  }

  /** Both groups of a list: with the Lambda API and without. */
  groupsOf(list: AllowList): readonly number[] {
    const index = this.lists.indexOf(list);
    return [this.#group(index, false), this.#group(index, true)];
  }

  groupsWithLambdaApi(): readonly number[] {
    return [-1, ...this.lists.keys()].map((index) => this.#group(index, true));
  }

  #group(index: number, lambdaApi: boolean): number {
    return FIRST_GROUP + (index + 1) * 2 + (lambdaApi ? 1 : 0);
  }

  #indexOf(name: string): number {
    const index = this.lists.findIndex((list) => list.name === name);
    if (index < 0) throw new SandboxError(`there is no allow-list ${name}`);
    return index;
  }
}
