import { useEffect } from "preact/hooks";
import { later } from "../parts/later.tsx";
import { t } from "../texts/en.ts";
import { Announcements } from "./announce.tsx";
import { ConnectionBanner } from "./connection.tsx";
import { keyWanted, storedKey } from "./key.ts";
import { Navigation } from "./navigation.tsx";
import { PageFrame } from "./page-frame.tsx";
import { keepTitle } from "./title.ts";

const KeyForm = later(() => import("./key-form.tsx").then((part) => part.KeyForm));

/** What surrounds every page. */
export function App() {
  useEffect(keepTitle, []);
  useEffect(() => {
    // Whoever comes without a key may be asked for one.
    if (storedKey() === null) KeyForm.fetchAhead();
  }, []);
  return (
    <>
      <a class="skip" href="#page">
        {t.skip}
      </a>
      <Navigation />
      <main id="page" tabIndex={-1}>
        <PageFrame />
      </main>
      <ConnectionBanner />
      <Announcements />
      {keyWanted.value !== null && <KeyForm.Part />}
    </>
  );
}
