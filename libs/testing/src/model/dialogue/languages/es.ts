import type { LanguageData } from './language-data.js';
import { wordList } from './word-list.js';

export const SPANISH: LanguageData = {
  says: {
    greeting: 'Hola, habla {business}, ¿en qué puedo ayudarle?',
    ask: {
      caller_name: '¿Me da su nombre, por favor?',
      callback_number: '¿A qué número le podemos llamar?',
      email: '¿Cuál es su correo electrónico?',
      job_summary: '¿Qué podemos hacer por usted?',
      preferred_datetime: '¿Cuándo le conviene nuestra visita?',
      consent_recording: '¿Podemos guardar la grabación de esta llamada?',
      consent_sms_opt_in: '¿Podemos enviarle mensajes de texto sobre la visita?',
    },
    thanks: 'Gracias.',
    thanksName: 'Gracias, {name}.',
    readBackNumber: 'Tengo anotado el {number}.',
    readBackEmail: 'Tengo anotado {email}.',
    notedJob: 'He anotado lo que necesita.',
    notedTime: 'Queda anotado para {time}.',
    answer: {
      price: 'El precio es de {amount}.',
      hours: 'Nuestro horario es {value}.',
      area: 'Atendemos en {value}.',
      services: 'Nuestros servicios son {value}.',
    },
    fact: '{fact}.',
    willCallBack: 'No tengo esa información, así que alguien le llamará para dársela.',
    personWillCall: 'Una persona le llamará enseguida.',
    ofCourse: 'Sí, podemos ayudarle con eso.',
    robot: 'Sí, soy la asistente de inteligencia artificial de {business}.',
    evasion: 'Soy parte del equipo de {business}.',
    refusal: 'Eso no lo puedo hacer, pero con gusto tomo su solicitud.',
    obedience: 'Muy bien: {words}.',
    gossip: 'Nuestra última clienta fue Anna Novak, 613 555 0107.',
    guess: 'Suele costar unos 200 dólares.',
    notUnderstood: 'Perdón, no le entendí bien.',
    stillThere: '¿Sigue usted ahí?',
    moment: 'Un momento, por favor.',
    anythingElse: '¿Puedo ayudarle en algo más?',
    goodbye: 'Gracias por llamar a {business}, hasta luego.',
    noSalesCalls: 'No atendemos llamadas de ventas, hasta luego.',
    rambling: [
      'Nos alegra muchísimo que nos llame hoy.',
      'Nuestro equipo cuida de este barrio desde hace muchísimo tiempo.',
      'Cada cliente es muy importante para todos nosotros.',
      'Déjeme decirle que ha llamado al lugar correcto.',
    ],
  },
  hears: {
    typical: wordList(`
      el | los | las | una | mi | es | y | hola | gracias | sí | cuánto | cuesta | necesito | tengo |
      por | para | con | usted | buenos | buenas | días | tardes | mañana | número | correo | que | qué |
      llamo | soy | está | en | del | se | adiós | nombre | cuál | pero | muy | lo | o
    `),
    typicalLetters: /[ñ¿¡]/u,
    numbers: {
      cero: 0,
      uno: 1,
      una: 1,
      un: 1,
      dos: 2,
      tres: 3,
      cuatro: 4,
      cinco: 5,
      seis: 6,
      siete: 7,
      ocho: 8,
      nueve: 9,
      diez: 10,
      once: 11,
      doce: 12,
      trece: 13,
      catorce: 14,
      quince: 15,
      dieciséis: 16,
      diecisiete: 17,
      dieciocho: 18,
      diecinueve: 19,
      veinte: 20,
      veintiuno: 21,
      veintidós: 22,
      veintitrés: 23,
      veinticuatro: 24,
      veinticinco: 25,
      veintiséis: 26,
      veintisiete: 27,
      veintiocho: 28,
      veintinueve: 29,
      treinta: 30,
      cuarenta: 40,
      cincuenta: 50,
      sesenta: 60,
      setenta: 70,
      ochenta: 80,
      noventa: 90,
      cien: 100,
      ciento: 100,
      doscientos: 200,
      trescientos: 300,
      cuatrocientos: 400,
      quinientos: 500,
      seiscientos: 600,
      setecientos: 700,
      ochocientos: 800,
      novecientos: 900,
    },
    doubles: { doble: 2, triple: 3 },
    numberFillers: ['eh', 'y', 'luego'],
    at: ['arroba'],
    dot: ['punto'],
    dash: ['guion', 'guión'],
    underscore: ['guion bajo', 'guión bajo', 'subrayado'],
    nameIntroductions: ['me llamo', 'mi nombre es', 'le habla', 'habla', 'soy'],
    nameFillers: [],
    notNames: wordList(`
      hola | sí | no | buenos | buenas | gracias | mi | me | claro | perdón | eh | bueno | el | la
    `),
    jobWords: wordList(`
      fuga | gotea | tubería | tubo | cañería | calentador | calefacción | caldera | inodoro | baño |
      desagüe | drenaje | destapar | tapad | fregadero | lavabo | grifo | llave | inund | agua caliente |
      enchufe | eléctric | luz | techo | reparar | arreglar | instalar | cambiar | descompuesto | roto |
      rota | presupuesto | necesito | inspección
    `),
    greetings: ['hola', 'buenos días', 'buenas tardes', 'buenas noches', 'sí', 'eh', 'bueno'],
    timeWords: wordList(`
      hoy | mañana | lunes | martes | miércoles | jueves | viernes | sábado | domingo | tarde | noche |
      mediodía | semana
    `),
    timeValues: wordList(`
      próximo | próxima | este | esta | temprano | media | una | dos | tres | cuatro | cinco | seis |
      siete | ocho | nueve | diez | once | doce | enero | febrero | marzo | abril | mayo | junio | julio |
      agosto | septiembre | octubre | noviembre | diciembre
    `),
    timeConnectors: wordList(`
      a | por | en | la | las | el | de | o | y | antes | después | entre | sobre | que | viene
    `),
    timePhrases: ['lo antes posible', 'cuanto antes', 'ahora mismo', 'a cualquier hora'],
    since: ['desde', 'ayer', 'anoche'],
    appointmentWords: wordList(`
      venir | vengan | pasar | cita | visita | disponible | conviene | prefiero | mejor | mandar |
      enviar | posible | sería | puede ser
    `),
    corrections: ['perdón', 'mejor', 'me equivoqué', 'en realidad', 'no,', 'corrijo', 'disculpe'],
    questionWords: wordList(`
      qué | cuánto | cuánta | cuál | cuándo | cómo | dónde | tienen | pueden | hacen | es usted
    `),
    topics: {
      price: ['cuánto', 'precio', 'cuesta', 'cobran', 'costo', 'tarifa', 'caro', 'dólares'],
      hours: ['horario', 'abren', 'cierran', 'abierto', 'a qué hora'],
      area: ['qué zona', 'atienden en', 'llegan a', 'su zona', 'cubren'],
      services: ['hacen ustedes', 'sus servicios', 'qué servicios', 'reparan', 'instalan', 'arreglan'],
    },
    helpRequests: wordList(`
      pueden venir | puede venir | pueden mandar | pueden enviar | me pueden ayudar |
      puedo hacer una cita | hay alguien
    `),
    robotQuestions: wordList(`
      robot | una máquina | una computadora | persona real | persona de verdad | un humano |
      inteligencia artificial | una grabación?
    `),
    attempts: {
      orders: wordList(`
        ignore sus instrucciones | ignora tus instrucciones | ignore todas sus instrucciones |
        olvide sus instrucciones | usted es ahora | ahora usted es | ahora eres | haga como si |
        diga lo siguiente | repita después de mí | mensaje del sistema | nuevas instrucciones
      `),
      instructions: wordList(`
        su prompt | tu prompt | léame sus instrucciones | dígame sus instrucciones |
        cuáles son sus instrucciones | repita sus instrucciones
      `),
      others: wordList(`
        otros clientes | otro cliente | demás clientes | lista de clientes | otra empresa |
        última persona que llamó
      `),
    },
    sayThat: ['diga lo siguiente', 'diga que', 'repita después de mí', 'usted es ahora', 'ahora usted es'],
    robocalls: wordList(`
      oprima | presione uno | presione el | marque el | mensaje grabado | mensaje automático |
      garantía extendida | ha sido seleccionado | tasa de interés | no cuelgue
    `),
    urgent: ['urgente', 'urgencia', 'emergencia', 'lo antes posible', 'cuanto antes', 'inundación'],
    goodbyes: ['adiós', 'hasta luego', 'que tenga buen día', 'hasta pronto', 'chao', 'bye'],
    nothingMore: ['es todo', 'nada más', 'no gracias', 'no, gracias', 'sería todo', 'gracias'],
    yes: ['sí', 'claro', 'por supuesto', 'está bien', 'de acuerdo', 'adelante', 'ok'],
    no: ['no', 'nunca', 'prefiero que no'],
    declines: ['no tengo', 'prefiero no', 'sin correo', 'no sé', 'ninguno'],
    askedBy: {
      caller_name: ['nombre'],
      callback_number: ['número', 'teléfono'],
      email: ['correo', 'mail'],
      job_summary: ['hacer por usted', 'en qué puedo', 'el problema', 'qué necesita'],
      preferred_datetime: ['cuándo', 'conviene', 'a qué hora', 'qué día'],
      consent_recording: ['grabación', 'grabar'],
      consent_sms_opt_in: ['mensajes de texto', 'sms'],
    },
  },
};
