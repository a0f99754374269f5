/**
 * The words by which the rules tell what a caller wants, in the four languages a tenant can have.
 * All languages are looked for at once: callers switch in mid-sentence, and a transcript's language tag is a guess.
 * Entries are matched in lower case from the start of a word, so "repair" also finds "repairing"; one that ends in
 * "." is a whole word, because longer words begin like it and mean something else ("coule." and "couleur").
 */

/** Of a comma-separated list: English, French, Spanish, Tagalog, in that order. */
const entries = (list: string): readonly string[] => list.split(',').map((entry) => entry.trim());

export const NEW_WORK = entries(`
  leak, broken, broke down, burst, repair, fix, install, replace, quote, estimate, appointment,
  book., booking, schedule, clog, blocked, unblock, drain, flood, overflow, no power, no heat,
  no hot water, not working, doesn't work, stopped working, plumber, electrician, technician, sink,
  toilet, faucet, water heater, furnace, boiler, outlet, breaker, wiring, roof, sewer, pipe,
  need someone, send someone, renovat, checkup, check-up, cleaning,
  fuite, coule., brisé, cassé, répar, install, remplac, soumission, devis, rendez-vous, bouché,
  débouch, inond, débord, panne, ne fonctionne, ne marche, plombier, électricien, technicien, évier,
  lavabo, robinet, chauffe-eau, fournaise, chaudière, disjoncteur, prise de courant, toiture, égout,
  tuyau, besoin de quelqu, rénov,
  fuga, gotera, goteando, roto., rota., repar, arregl, instal, reemplaz, presupuesto, cotización,
  cita., atascad, tapad, destap, inund, sin luz, sin agua, no funciona, no sirve, plomero,
  fontanero, electricista, fregadero, lavamanos, inodoro, grifo, calentador, enchufe, tubería,
  tubo., tubos., techo, drenaje,
  tagas, tumutulo, sira., nasira, ayos, ayusin, paayos, pagawa, ipagawa, kumpuni, palit, palitan,
  barado, bara., baha., binabaha, bumabaha, walang kuryente, walang tubig, ayaw gumana,
  hindi gumagana, tubero, elektrisyan, lababo, inidoro, gripo, bubong, magpa-iskedyul, iskedyul,
  magpakabit, ikabit
`);

export const EXISTING_WORK = entries(`
  invoice, my bill, billing, receipt, payment, refund, warranty, complain, reschedule, cancel my,
  cancel the appointment, my appointment, you installed, you fixed, you repaired, your technician,
  your guy, came by, still leaking, existing customer,
  facture, paiement, rembours, garantie, plainte, annuler mon, annuler le, déplacer mon,
  reporter mon, mon rendez-vous, vous avez installé, vous avez réparé, votre technicien,
  factura, mi recibo, reembolso, garantía, queja, cancelar mi, cambiar mi cita, mi cita,
  reprogramar, ustedes instalaron, ustedes repararon, su técnico,
  resibo, bayad ko, garantiya, reklamo, kanselahin, ilipat ang, inayos ninyo, inayos niyo,
  technician ninyo
`);

export const QUESTION = entries(`
  how much, do you, are you open, opening hours, what time, where are you, price, pricing, cost.,
  service area, can you, speak to, talk to,
  combien, est-ce que vous, êtes-vous, heures d'ouverture, où êtes, prix., coûte, parler à,
  pouvez-vous,
  cuánto, ustedes., horario, dónde, precio, cuesta, hablar con, pueden, puede usted,
  magkano, bukas ba kayo, anong oras, saan kayo, presyo, makausap, pwede ba, puwede ba, mayroon ba
`);

export const URGENT = entries(`
  emergency, urgent, right away, right now, as soon as possible, asap, flooding, gas smell,
  smell gas, sparks, sparking,
  urgence, tout de suite, dès que possible, au plus vite, odeur de gaz, étincelles, inondation,
  emergencia, urgente, ahora mismo, lo antes posible, cuanto antes, olor a gas, chispas, inundación,
  emerhensiya, apurado, agad., kaagad, ngayon na, amoy gas, nagbabaha
`);

/** One of these may be a customer's word; two of them are a recording or somebody who sells. */
export const SPAM_SIGNS = entries(`
  press one, press 1, press two, press 2, press nine, press 9, extended warranty, car's warranty,
  vehicle warranty, limited time offer, special offer, exclusive offer, congratulations,
  you have won, you've won, been selected, google listing, business listing, search engine,
  rank on google, ranking on google, first page of google, lower your interest, lower your rate,
  merchant services, business loan, business funding, pre-approved, preapproved, recorded message,
  recorded line, not a sales call, final notice, gift card, cryptocurrency, social insurance number,
  social security number, remain on the line, to opt out, do not hang up,
  appuyez sur, félicitations, vous avez gagné, été sélectionné, offre limitée, offre spéciale,
  offre exclusive, référencement, prêt commercial, prêt aux entreprises, préapprouvé,
  message enregistré, dernier avis, carte-cadeau, ne raccrochez pas,
  presione, oprima, marque el, felicidades, ha ganado, ha sido seleccionado, oferta limitada,
  oferta especial, oferta exclusiva, posicionamiento, préstamo, preaprobado, mensaje grabado,
  último aviso, tarjeta de regalo, no cuelgue,
  pindutin ang, binabati, nanalo, napili ka, espesyal na alok, limitadong alok, pautang,
  aprubado na, huwag ibaba
`);

const patternOf = (entry: string): string =>
  entry.endsWith('.') ? `${entry.slice(0, -1)}(?![\\p{L}\\p{N}])` : entry;

const matchers = new Map<readonly string[], RegExp>();

const matcherOf = (words: readonly string[]): RegExp => {
  const known = matchers.get(words);
  if (known) return known;
  const longestFirst = [...words].sort((a, b) => b.length - a.length).map(patternOf);
  const matcher = new RegExp(`(?<![\\p{L}\\p{N}])(?:${longestFirst.join('|')})`, 'giu');
  matchers.set(words, matcher);
  return matcher;
};

/** Which of `words` stand in `text`, each once. */
export const wordsIn = (text: string, words: readonly string[]): string[] => [
  ...new Set(
    [...text.replaceAll('’', "'").matchAll(matcherOf(words))].map((match) => match[0].toLowerCase()),
  ),
];
