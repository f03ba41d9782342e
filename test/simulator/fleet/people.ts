import { choose, dice } from "./random.ts";

/** Invented people: first and last names are combined by dice. Names beyond ASCII are there on purpose. */
const FIRST = (
  "John Grace Peter Mary Joseph Faith Brian Mercy Kevin Esther Daniel Joyce Samuel Agnes Moses Winnie Hassan " +
  "Amina Juma Fatuma Isaac Ruth Dennis Zoë"
).split(" ");
const LAST = (
  "Kamau Otieno Mwangi Achieng Kiptoo Njoroge Wanjiku Omondi Mutua Cherono Barasa Hamisi Mwakio Salim Ssemakula " +
  "Nakato Okello Mugisha Wekesa Nyambura Kariuki"
).split(" ");

/** Letters a Kenyan plate uses: I and O would be read as digits. */
const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ";
const PLATES = 18 * 999 * LETTERS.length;
/** A prime that shares no factor with the number of plates, so no plate is given twice. */
const PLATE_STEP = 104_729;

/** A driver's name and phone. */
export function driverOf(seed: number, index: number): { name: string; phone: string } {
  const name = `${choose(FIRST, dice(seed, 1))} ${choose(LAST, dice(seed, 2))}`;
  return { name, phone: `0700${String(index + 1).padStart(6, "0")}` };
}

/** `KDA 001A` in Kenya, `UBA 123A` in Uganda; unique within a world. */
export function plateOf(worldSeed: number, index: number, uganda: boolean): string {
  const n = (index * PLATE_STEP + (worldSeed % PLATES)) % PLATES;
  const last = LETTERS[n % LETTERS.length];
  const digits = (Math.floor(n / LETTERS.length) % 999) + 1;
  const series = LETTERS[Math.floor(n / LETTERS.length / 999)];
  return `${uganda ? "UB" : "KD"}${series} ${String(digits).padStart(3, "0")}${last}`;
}
