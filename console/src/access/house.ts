/** What signing in changes of the page: handed to it, since it is loaded when it is needed and shares no part with the rest. */

import type { Signal } from "@preact/signals";
import { remember } from "../frame/settings";
import { Keeper } from "../store/database";
import { forgetAll, keeper, open } from "../store/state";
import { becomes, mark } from "./person";
import { framed, type Holder, holder, type Refusal, refusal, type Tenant, tenant } from "./tenant";

export interface House {
  tenant: Signal<Tenant>;
  holder: Signal<Holder | null>;
  refusal: Signal<Refusal | null>;
  /** The conversation that is shown. */
  open: Signal<string>;
  framed: boolean;
  keeper: Keeper;
  /** The database of nobody. */
  nobodys(): Keeper;
  mark(): string;
  becomes(person: string): void;
  remember(name: string, value: string): void;
  forgetAll(): Promise<void>;
}

const house: House = { tenant, holder, refusal, open, framed, keeper, nobodys: () => new Keeper(() => undefined), mark, becomes, remember, forgetAll };

let loading: Promise<import("../sign_in/browser").Entrance> | null = null;

/** The part that signs people in and out. */
export function entrance(): Promise<import("../sign_in/browser").Entrance> {
  loading ??= import("../sign_in/browser").then(({ Entrance }) => new Entrance(house));
  return loading;
}
