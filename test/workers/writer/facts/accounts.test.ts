import { expect, it } from "vitest";
import type { MessageKind } from "../../../../shared/message.ts";
import { database, deliver, messageOf, newImei } from "../deliver.ts";

const at = (agoS: number) => new Date(Date.UTC(2026, 9, 1) - agoS * 1000).toISOString();
const unique = () => crypto.randomUUID();

const listing = (kind: MessageKind, item: object, account: string, agoS: number) =>
  messageOf(kind, [item], { account, receivedAt: at(agoS) });

const accountOf = async (account: string) =>
  (await database()`select * from tracksolid.accounts where account = ${account}`)[0];
const groupOf = async (id: string) =>
  (await database()`select * from tracksolid.device_groups where group_id = ${id}`)[0];
const outcomesOf = async ({ id }: { id: { producer: string; sequence: number } }) =>
  (
    await database()`
      select outcomes, deliveries from private.receipts where producer = ${id.producer} and sequence = ${id.sequence}`
  )[0];

it("registers an account, and follows it in the order of its listings", async () => {
  const account = unique();
  const item = { account, name: "West", type: 9, enabledFlag: 1 };
  const first = listing("account", item, "fleet", 300);
  await deliver([first]);
  const row = {
    account,
    parent: "fleet",
    name: "West",
    type: 9,
    enabled: true,
    listed_at: new Date(at(300)),
  };
  expect(await accountOf(account)).toEqual(row);

  // The same message, and an older one that comes late.
  await deliver([first]);
  const late = listing("account", { ...item, name: "Before" }, "elsewhere", 400);
  await deliver([late]);
  expect(await accountOf(account)).toEqual(row);
  expect(await outcomesOf(first)).toEqual({ outcomes: "w", deliveries: 2 });
  expect(await outcomesOf(late)).toEqual({ outcomes: "d", deliveries: 1 });

  const [older, newest] = [
    listing("account", { ...item, name: "Now" }, "west", 200),
    listing("account", { ...item, name: "Newest", enabledFlag: 0 }, "west", 100),
  ];
  await deliver([newest, older]);
  expect(await accountOf(account)).toMatchObject({ parent: "west", name: "Newest", enabled: false });
});

it("registers a group, and follows it in the order of its listings", async () => {
  const groupId = unique();
  await deliver([listing("group", { group_id: groupId, group_name: "Nairobi" }, "fleet", 300)]);
  await deliver([listing("group", { group_id: groupId, group_name: "Before" }, "fleet", 400)]);
  expect(await groupOf(groupId)).toEqual({
    group_id: groupId,
    account: "fleet",
    name: "Nairobi",
    listed_at: new Date(at(300)),
  });
  await deliver([listing("group", { group_id: groupId, group_name: "Mombasa" }, "fleet", 200)]);
  expect(await groupOf(groupId)).toMatchObject({ name: "Mombasa" });
});

it("keeps what it cannot read, with the reason and without the good ones", async () => {
  const account = unique();
  const message = messageOf("account", [{ name: "nobody" }, { account }, null], { account: "fleet" });
  await deliver([message]);
  expect(await outcomesOf(message)).toMatchObject({ outcomes: "rwr" });
  expect(await accountOf(account)).toMatchObject({ parent: "fleet" });
});

it("writes listings that arrive at the same time in opposite orders", async () => {
  const accounts = Array.from({ length: 20 }, unique);
  const imei = newImei();
  const messages = (agoS: number, order: string[]) => [
    messageOf("device_detail", [{ imei, driverName: "Juma" }], { receivedAt: at(agoS) }),
    messageOf(
      "account",
      order.map((account) => ({ account })),
      { account: `parent ${agoS}`, receivedAt: at(agoS) },
    ),
  ];
  await Promise.all([
    deliver(messages(200, accounts)),
    deliver(messages(100, accounts.toReversed())),
    deliver(messages(300, accounts)),
  ]);
  for (const account of accounts) expect(await accountOf(account)).toMatchObject({ parent: "parent 100" });
});
