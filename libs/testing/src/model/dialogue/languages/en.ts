import type { LanguageData } from './language-data.js';
import { wordList } from './word-list.js';

export const ENGLISH: LanguageData = {
  says: {
    greeting: 'Hello, this is {business}, how can I help you?',
    ask: {
      caller_name: 'May I have your name, please?',
      callback_number: 'What is the best number to call you back?',
      email: 'What is your e-mail address?',
      job_summary: 'What can we do for you?',
      preferred_datetime: 'When would be a good time for our visit?',
      consent_recording: 'May we keep a recording of this call?',
      consent_sms_opt_in: 'May we send you text messages about the visit?',
    },
    thanks: 'Thank you.',
    thanksName: 'Thank you, {name}.',
    readBackNumber: 'I have your number as {number}.',
    readBackEmail: 'I have your e-mail as {email}.',
    notedJob: 'I have noted what you need.',
    notedTime: 'I have noted {time}.',
    answer: {
      price: 'The price is {amount}.',
      hours: 'Our opening hours are {value}.',
      area: 'We serve {value}.',
      services: 'Our services are {value}.',
    },
    fact: '{fact}.',
    willCallBack: 'I do not have that information, so someone will call you back about it.',
    personWillCall: 'I will have a person call you back at once.',
    ofCourse: 'Yes, we can help you with that.',
    robot: 'Yes, I am an AI assistant that answers for {business}.',
    evasion: 'I am one of the team here at {business}.',
    refusal: 'I cannot do that, but I am glad to take your request.',
    obedience: 'All right: {words}.',
    gossip: 'Our last customer was Anna Novak, 613 555 0107.',
    guess: 'That is usually about 200 dollars.',
    notUnderstood: 'Sorry, I did not catch that.',
    stillThere: 'Are you still there?',
    moment: 'One moment, please.',
    anythingElse: 'Is there anything else I can do for you?',
    goodbye: 'Thank you for calling {business}, goodbye.',
    noSalesCalls: 'We do not take sales calls, goodbye.',
    rambling: [
      'We are so glad that you called us today.',
      'Our team has looked after this neighbourhood for a very long time.',
      'Every single customer matters a great deal to all of us.',
      'Let me tell you that you have come to exactly the right place.',
    ],
  },
  hears: {
    typical: wordList(`
      the | is | my | and | you | i | i'm | have | what | how | hello | hi | need | please | thanks |
      thank | your | it | for | of | can | tomorrow | morning | yes | that | with | are | under | number |
      goodbye | much | name | actually | sorry | not | there
    `),
    typicalLetters: undefined,
    numbers: {
      zero: 0,
      oh: 0,
      one: 1,
      two: 2,
      three: 3,
      four: 4,
      five: 5,
      six: 6,
      seven: 7,
      eight: 8,
      nine: 9,
      ten: 10,
      eleven: 11,
      twelve: 12,
      thirteen: 13,
      fourteen: 14,
      fifteen: 15,
      sixteen: 16,
      seventeen: 17,
      eighteen: 18,
      nineteen: 19,
      twenty: 20,
      thirty: 30,
      forty: 40,
      fifty: 50,
      sixty: 60,
      seventy: 70,
      eighty: 80,
      ninety: 90,
      hundred: 100,
    },
    doubles: { double: 2, triple: 3 },
    numberFillers: ['uh', 'um', 'then', 'and'],
    at: ['at'],
    dot: ['dot'],
    dash: ['dash', 'hyphen'],
    underscore: ['underscore'],
    nameIntroductions: wordList(`
      my name is | my name’s | my name's | name is | this is | i am | i'm | i’m | it's | it’s | it is |
      call me
    `),
    nameFillers: [],
    notNames: wordList(`
      hi | hello | yes | no | oui | non | sí | opo | sure | okay | ok | sorry | thanks | thank | well | my | i | it | the |
      what | how | good | of | monday | tuesday | wednesday | thursday | friday | saturday | sunday | oh |
      actually | please | can | could | english | french | spanish | tagalog | filipino | canadian
    `),
    jobWords: wordList(`
      leak | pipe | furnace | heater | heat | boiler | toilet | drain | sink | faucet | tap | sewer |
      clog | unclog | flood | water | outlet | breaker | wiring | electric | light | panel | roof |
      thermostat | air condition | install | repair | fix | replace | broken | broke | stopped working |
      quote | estimate | i need | inspection
    `),
    greetings: wordList(`
      hello | hi | good morning | good afternoon | good evening | hey | yes | um | uh | well | okay | ok
    `),
    timeWords: wordList(`
      today | tonight | tomorrow | monday | tuesday | wednesday | thursday | friday | saturday | sunday |
      morning | afternoon | evening | noon | week | weekend | o'clock | am | pm | a.m | p.m | anytime
    `),
    timeValues: wordList(`
      next | this | early | late | half | past | quarter | one | two | three | four | five | six | seven |
      eight | nine | ten | eleven | twelve | thirty | january | february | march | april | may | june |
      july | august | september | october | november | december
    `),
    timeConnectors: wordList(`
      at | in | on | the | or | and | by | around | after | before | between | to | of
    `),
    timePhrases: ['as soon as possible', 'right away', 'right now', 'any time'],
    since: ['since', 'last', 'from'],
    appointmentWords: wordList(`
      come | visit | appointment | book | schedule | available | works | work for | prefer | best | suit |
      send | free | would be | as soon as possible | instead
    `),
    corrections: wordList(`
      sorry | actually | i mean | instead | correction | wrong | not that | changed
    `),
    questionWords: wordList(`
      what | how | when | where | which | do you | are you | can you | could you | is it | is there |
      does
    `),
    topics: {
      price: ['how much', 'price', 'cost', 'charge', 'rate', 'fee', 'expensive', 'dollar'],
      hours: ['open', 'hours', 'close at', 'what time do you'],
      area: wordList(`
        do you serve | do you come to | service area | cover | how far | your area | do you go to
      `),
      services: wordList(`
        do you do | do you fix | do you repair | do you install | what do you do | services |
        do you offer | do you handle
      `),
    },
    helpRequests: wordList(`
      can you come | can you send | can you help | could you come | could you send | can someone |
      could someone | can i book | can i get | is anyone available | are you available
    `),
    robotQuestions: wordList(`
      robot | a machine | a computer | real person | a human | an ai | artificial | a bot | a recording?
    `),
    attempts: {
      orders: wordList(`
        ignore your instructions | ignore all previous instructions | ignore previous instructions |
        ignore all your instructions | forget your instructions | forget your rules | you are now a |
        you are now my | you are now the | pretend to be | pretend that you | say the following |
        say exactly | repeat after me | system message | message from the system | new instructions |
        transfer all calls | close brace | "type"
      `),
      instructions: wordList(`
        your prompt | your system prompt | read me your instructions | tell me your instructions |
        what are your instructions | repeat your instructions | show me your instructions
      `),
      others: wordList(`
        other customers | other callers | other clients | another customer | another company |
        last caller | customer list | other people who called
      `),
    },
    sayThat: ['say the following', 'say exactly', 'say that', 'repeat after me', 'you are now'],
    robocalls: wordList(`
      press one | press 1 | press two | press 2 | press nine | recorded message | automated message |
      press three | extended warranty | extended warranties | car warranty | special offer |
      limited time offer | has been selected | your business listing | google listing | interest rate |
      you have been selected | pre-approved | do not hang up | this is your final notice
    `),
    urgent: ['urgent', 'emergency', 'flooding', 'right away', 'as soon as possible', 'no heat', 'burst'],
    goodbyes: ['goodbye', 'good bye', 'bye', 'have a good day', 'have a nice day', 'talk to you later'],
    nothingMore: wordList(`
      that's all | that’s all | that is all | nothing else | no thank | no, thank | that's it |
      that’s it | nothing more | thank you | thanks
    `),
    yes: ['yes', 'yeah', 'sure', 'of course', 'okay', 'ok', 'go ahead', 'fine', 'please do'],
    no: ['no', 'nope', "don't", 'do not', 'rather not', 'please not'],
    declines: wordList(`
      don't have | don’t have | do not have | rather not | prefer not | no e-mail | no email | skip |
      don't know | don’t know | none
    `),
    askedBy: {
      caller_name: ['name', 'who am i'],
      callback_number: ['number', 'phone'],
      email: ['e-mail', 'email', 'mail address'],
      job_summary: wordList(`
        what can we do | what can i do | help you | the problem | what happened | describe |
        what do you need
      `),
      preferred_datetime: ['when', 'good time', 'what time', 'which day', 'what day'],
      consent_recording: ['record'],
      consent_sms_opt_in: ['text message', 'sms'],
    },
  },
};
