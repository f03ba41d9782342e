import { accountIn, customerName, type Method } from "../method.ts";

/** `jimi.user.child.list`: the accounts directly below one (reference §2.5). */
export const childList: Method = {
  name: "jimi.user.child.list",
  needsToken: true,
  answer: (call) => ({
    result: call.world.accounts.childrenOf(accountIn(call, "target")).map((account) => ({
      account,
      name: customerName(account),
      type: 9,
      displayFlag: 1,
      address: null,
      birth: "2020-01-01 00:00:00",
      companyName: "",
      email: "",
      phone: "",
      language: "en",
      sex: 0,
      enabledFlag: 1,
      remark: null,
    })),
  }),
};
