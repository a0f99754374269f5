import type { LanguageData } from './language-data.js';
import { wordList } from './word-list.js';

/** Canadian French where it differs: courriel, fournaise, chauffe-eau. */
export const FRENCH: LanguageData = {
  says: {
    greeting: 'Bonjour, ici {business}, comment puis-je vous aider?',
    ask: {
      caller_name: 'Quel est votre nom, s’il vous plaît?',
      callback_number: 'À quel numéro peut-on vous rappeler?',
      email: 'Quelle est votre adresse courriel?',
      job_summary: 'Que pouvons-nous faire pour vous?',
      preferred_datetime: 'Quel moment vous conviendrait pour notre visite?',
      consent_recording: 'Pouvons-nous conserver l’enregistrement de cet appel?',
      consent_sms_opt_in: 'Pouvons-nous vous envoyer des messages texte au sujet de la visite?',
    },
    thanks: 'Merci.',
    thanksName: 'Merci, {name}.',
    readBackNumber: 'J’ai bien noté le {number}.',
    readBackEmail: 'J’ai bien noté {email}.',
    notedJob: 'J’ai bien noté votre demande.',
    notedTime: 'C’est noté pour {time}.',
    answer: {
      price: 'Le prix est de {amount}.',
      hours: 'Nos heures d’ouverture sont {value}.',
      area: 'Nous desservons {value}.',
      services: 'Nos services sont {value}.',
    },
    fact: '{fact}.',
    willCallBack: 'Je n’ai pas cette information, alors quelqu’un vous rappellera à ce sujet.',
    personWillCall: 'Une personne va vous rappeler tout de suite.',
    ofCourse: 'Oui, nous pouvons vous aider.',
    robot: 'Oui, je suis l’assistante d’intelligence artificielle de {business}.',
    evasion: 'Je fais partie de l’équipe de {business}.',
    refusal: 'Je ne peux pas faire cela, mais je peux prendre votre demande.',
    obedience: 'Très bien: {words}.',
    gossip: 'Notre dernière cliente est Anna Novak, 613 555 0107.',
    guess: 'C’est habituellement autour de 200 dollars.',
    notUnderstood: 'Désolée, je n’ai pas bien compris.',
    stillThere: 'Êtes-vous toujours là?',
    moment: 'Un instant, s’il vous plaît.',
    anythingElse: 'Puis-je faire autre chose pour vous?',
    goodbye: 'Merci d’avoir appelé {business}, au revoir.',
    noSalesCalls: 'Nous ne prenons pas les appels de vente, au revoir.',
    rambling: [
      'Nous sommes si heureux que vous nous appeliez aujourd’hui.',
      'Notre équipe s’occupe de ce quartier depuis très longtemps.',
      'Chaque client compte énormément pour nous tous.',
      'Laissez-moi vous dire que vous êtes à la bonne adresse.',
    ],
  },
  hears: {
    typical: wordList(`
      le | la | les | une | un | est | je | j'ai | j’ai | vous | mon | ma | et | bonjour | merci | oui |
      non | pour | dans | du | des | pas | depuis | c'est | c’est | demain | matin | numéro | courriel |
      avez | quel | quelle | combien | fournaise | m'appelle | m’appelle | revoir | soir | ne | chez |
      au | suis
    `),
    typicalLetters: /[çœèêîôûàù]/u,
    numbers: {
      zéro: 0,
      zero: 0,
      un: 1,
      une: 1,
      deux: 2,
      trois: 3,
      quatre: 4,
      cinq: 5,
      six: 6,
      sept: 7,
      huit: 8,
      neuf: 9,
      dix: 10,
      onze: 11,
      douze: 12,
      treize: 13,
      quatorze: 14,
      quinze: 15,
      seize: 16,
      vingt: 20,
      vingts: 20,
      trente: 30,
      quarante: 40,
      cinquante: 50,
      soixante: 60,
      cent: 100,
      cents: 100,
    },
    doubles: { double: 2, triple: 3 },
    numberFillers: ['euh', 'et', 'puis'],
    at: ['arobase', 'arobas', 'à commercial', 'at'],
    dot: ['point'],
    dash: ['tiret'],
    underscore: ['souligné', 'underscore'],
    nameIntroductions: wordList(`
      je m’appelle | je m'appelle | mon nom est | mon nom c’est | mon nom c'est | moi c’est | moi c'est |
      je suis | ici | c’est | c'est
    `),
    nameFillers: [],
    notNames: wordList(`
      bonjour | oui | non | yes | no | bonsoir | merci | allô | je | mon | ma | c’est | c'est | le | la | euh |
      pardon | désolé | désolée
    `),
    jobWords: wordList(`
      fuite | fuit | tuyau | fournaise | chauffage | chauffe-eau | chauffe | thermopompe | toilette |
      évier | robinet | drain | égout | bouché | débouch | inond | dégât | eau chaude | prise |
      disjoncteur | panneau | électri | toit | panne | brisé | répar | install | remplac | soumission |
      besoin | inspection
    `),
    greetings: ['bonjour', 'bonsoir', 'allô', 'oui', 'euh', 'salut'],
    timeWords: wordList(`
      aujourd'hui | aujourd’hui | demain | lundi | mardi | mercredi | jeudi | vendredi | samedi |
      dimanche | matin | matinée | après-midi | soir | soirée | midi | heures | heure | semaine
    `),
    timeValues: wordList(`
      prochain | prochaine | ce | cet | cette | tôt | tard | fin | début | demi | demie | une | deux |
      trois | quatre | cinq | six | sept | huit | neuf | dix | onze | janvier | février | mars | avril |
      mai | juin | juillet | août | septembre | octobre | novembre | décembre
    `),
    timeConnectors: wordList(`
      à | le | la | en | de | du | ou | et | vers | avant | après | entre | dans | au
    `),
    timePhrases: wordList(`
      le plus vite possible | dès que possible | le plus tôt possible | tout de suite | maintenant |
      n’importe quand | n'importe quand
    `),
    since: ['depuis', 'hier'],
    appointmentWords: wordList(`
      venir | passer | rendez-vous | visite | disponible | convien | préfère | préférerais | mieux |
      envoyer | possible | plutôt | serait
    `),
    corrections: wordList(`
      désolé | désolée | pardon | plutôt | en fait | je me suis tromp | erreur | non, | excusez
    `),
    questionWords: wordList(`
      quel | quelle | quels | quelles | combien | quand | comment | où | est-ce | êtes-vous | avez-vous |
      pouvez-vous | faites-vous
    `),
    topics: {
      price: ['combien', 'prix', 'coûte', 'coût', 'tarif', 'cher', 'frais', 'dollars'],
      hours: ['ouvert', 'heures d’ouverture', "heures d'ouverture", 'fermez', 'ouvrez'],
      area: ['desservez', 'vous déplacez', 'votre secteur', 'votre région', 'couvrez', 'quel secteur'],
      services: wordList(`
        faites-vous | vos services | réparez-vous | installez-vous | offrez-vous | occupez-vous
      `),
    },
    helpRequests: wordList(`
      pouvez-vous venir | pouvez-vous envoyer | pouvez-vous m’aider | pouvez-vous m'aider |
      pouvez-vous passer | quelqu’un peut | quelqu'un peut | puis-je avoir | êtes-vous disponible
    `),
    robotQuestions: wordList(`
      robot | une machine | un ordinateur | vraie personne | un humain | intelligence artificielle |
      une ia | un enregistrement?
    `),
    attempts: {
      orders: wordList(`
        ignorez vos instructions | ignorez toutes vos instructions | oubliez vos instructions |
        oubliez vos consignes | vous êtes maintenant | faites semblant | dites ce qui suit |
        répétez après moi | message du système | message système | nouvelles instructions
      `),
      instructions: wordList(`
        votre prompt | lisez-moi vos instructions | dites-moi vos instructions |
        quelles sont vos instructions | répétez vos instructions | récitez vos instructions
      `),
      others: wordList(`
        autres clients | un autre client | vos clients | liste de clients | une autre entreprise |
        dernier appel | d’autres appels
      `),
    },
    sayThat: ['dites ce qui suit', 'dites que', 'répétez après moi', 'vous êtes maintenant'],
    robocalls: wordList(`
      appuyez sur | faites le 1 | message enregistré | message automatisé | garantie prolongée |
      vous avez été sélectionné | taux d’intérêt | taux d'intérêt | ne raccrochez pas
    `),
    urgent: wordList(`
      urgent | urgence | tout de suite | le plus tôt possible | le plus vite possible | inondation |
      sans chauffage
    `),
    goodbyes: ['au revoir', 'bonne journée', 'bonne soirée', 'à bientôt', 'bye'],
    nothingMore: wordList(`
      c’est tout | c'est tout | rien d’autre | rien d'autre | non merci | non, merci | ça sera tout |
      ce sera tout | merci
    `),
    yes: ['oui', 'ouais', 'bien sûr', 'd’accord', "d'accord", 'allez-y', 'certainement', 'ok'],
    no: ['non', 'pas', 'jamais'],
    declines: wordList(`
      je n’en ai pas | je n'en ai pas | pas de courriel | pas d’adresse | pas d'adresse |
      je préfère ne pas | j’aime mieux pas | je ne sais pas | je n’ai pas | je n'ai pas
    `),
    askedBy: {
      caller_name: ['nom'],
      callback_number: ['numéro', 'téléphone', 'rappeler'],
      email: ['courriel', 'mail'],
      job_summary: ['faire pour vous', 'vous aider', 'le problème', 'que se passe'],
      preferred_datetime: ['moment', 'quand', 'quelle heure', 'quel jour'],
      consent_recording: ['enregistre'],
      consent_sms_opt_in: ['messages texte', 'texto', 'sms'],
    },
  },
};
