// @ts-check
// The vehicle that is selected, with the facts about it that are too many to send of every vehicle.

/** @typedef {import("./client/index.js").Answers["Vehicle"]} Detail */

/**
 * @param {import("./client/index.js").Client} client
 * @param {() => void} onDetail
 */
export function createSelection(client, onDetail) {
  /** @type {string | null} */
  let imei = null;
  /** @type {Detail | null} */
  let detail = null;
  let asking = false;

  async function ask() {
    if (imei === null || asking) return;
    asking = true;
    const asked = imei;
    try {
      const answer = await client.vehicle(asked);
      if (imei === asked) detail = answer;
    } catch {
      // The card shows what is known; the banner says how the server is.
    } finally {
      asking = false;
    }
    if (imei === asked) onDetail();
    else void ask();
  }

  return {
    get imei() {
      return imei;
    },
    get detail() {
      return detail;
    },
    /** @param {string | null} chosen */
    choose(chosen) {
      if (chosen !== imei) detail = null;
      imei = chosen;
      void ask();
    },
    /** The fleet changed. @param {import("./client/index.js").Change} change */
    follow({ vehicles }) {
      if (vehicles.some((vehicle) => vehicle.imei === imei)) void ask();
    },
  };
}
