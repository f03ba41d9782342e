/** Browsers of the last three years: scripts and styles are not made longer for older ones. */
export const BROWSERS = ["chrome120", "edge120", "firefox121", "safari17.2"];
