import { expect, it } from "vitest";
import { parseAccount, parseGroup, withoutPerson } from "../../../shared/jimi/account-item.ts";

const receivedAt = "2026-01-15T08:30:00.000Z";
const arrival = { account: "demo_fleet", receivedMs: Date.parse(receivedAt), path: null };

/** The example of the reference, §2.5, with a person in it. */
const child = {
  account: "demo_fleet_west",
  name: "West depot",
  type: 9,
  displayFlag: 1,
  address: "12 Moi Avenue",
  birth: "1980-01-01 00:00:00",
  companyName: "Demo Ltd",
  email: "otieno@example.com",
  phone: "0700000001",
  language: "en",
  sex: 0,
  enabledFlag: 1,
  remark: "pays late",
  idCard: "1234",
};

it("leaves nothing of a person in what travels", () => {
  expect(withoutPerson(child)).toEqual({
    account: "demo_fleet_west",
    name: "West depot",
    type: 9,
    displayFlag: 1,
    language: "en",
    enabledFlag: 1,
  });
});

it.each([["otieno@example.com"], [7], [null], [undefined]])("lets nothing of %j travel", (item) => {
  expect(withoutPerson(item)).toBeNull();
});

it("leaves nothing of a list in the place of an account", () => {
  expect(withoutPerson([child])).toEqual({});
});

it("turns the reference's example into what the table holds, the same before and after stripping", () => {
  const row = {
    key: `demo_fleet_west ${receivedAt}`,
    account: "demo_fleet_west",
    parent: "demo_fleet",
    name: "West depot",
    type: 9,
    enabled: true,
    at: receivedAt,
  };
  expect(parseAccount(child, arrival)).toEqual({ imei: null, facts: { accounts: [row] } });
  expect(parseAccount(withoutPerson(child) as Record<string, unknown>, arrival)).toEqual({
    imei: null,
    facts: { accounts: [row] },
  });
});

it("takes an account of which the vendor says no more than its name", () => {
  expect(
    parseAccount({ account: " west ", name: "", type: "?", enabledFlag: null }, arrival).facts,
  ).toMatchObject({
    accounts: [{ account: "west", name: null, type: null, enabled: null }],
  });
});

it.each([[{}], [{ account: "" }], [{ account: null, name: "West" }], [{ account: { a: 1 } }]])(
  "rejects %j, which names no account",
  (item) => {
    expect(parseAccount(item, arrival)).toMatchObject({
      imei: null,
      rejection: { reason: "record_malformed", detail: "The item names no account" },
    });
  },
);

it("turns the reference's example of a group into a row", () => {
  const groupId = "00000000000000000000000000000002";
  expect(parseGroup({ group_id: groupId, group_name: "Nairobi" }, arrival)).toEqual({
    imei: null,
    facts: {
      deviceGroups: [
        { key: `${groupId} ${receivedAt}`, groupId, account: "demo_fleet", name: "Nairobi", at: receivedAt },
      ],
    },
  });
});

it.each([[{}], [{ group_id: "1" }], [{ group_name: "Nairobi" }], [{ group_id: "1", group_name: " " }]])(
  "rejects the group %j",
  (item) => {
    expect(parseGroup(item, arrival)).toMatchObject({ rejection: { reason: "record_malformed" } });
  },
);
