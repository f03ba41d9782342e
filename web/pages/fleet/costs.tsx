import { money } from "../../parts/format.ts";
import { Value } from "../../parts/value.tsx";
import type { Answers } from "../../shell/api.ts";
import { fleet as t } from "../../texts/fleet.ts";
import { Explain } from "./explain.tsx";

type CostList = NonNullable<Answers["FuelList"]["totals"]["period"]>["costs"];

/** What fuel cost, by currency, with the period before below each figure. */
export function Costs({ costs, before }: { costs: CostList; before: CostList }) {
  return (
    <section class="fleet-costs" aria-label={t.costs.title}>
      <header class="row">
        <h3>{t.costs.title}</h3>
        <Explain of="costs" />
      </header>
      {costs.length === 0 ? (
        <p class="small soft">{t.costs.none}</p>
      ) : (
        <dl>
          {costs.flatMap((cost) => {
            const was = before.find(({ currency }) => currency === cost.currency);
            return (["reported", "estimated", "filled"] as const).map((name) => (
              <div key={`${cost.currency} ${name}`}>
                <dt class="small soft">{t.costs[name]}</dt>
                <dd>
                  <Value of={cost[name]} as={(value) => money(value, cost.currency)} />
                </dd>
                <dd class="small soft">
                  {typeof was?.[name] === "number"
                    ? t.change.before(money(was[name], cost.currency))
                    : t.change.unknownBefore}
                </dd>
              </div>
            ));
          })}
        </dl>
      )}
    </section>
  );
}
