// What a template may do to a value before showing it; backend/filters.py is the same table on the server.
// Rendering must not depend on the device: no Intl, and only the UTC side of Date, as a calendar.

import { mint } from "./ids.js";
import { kind, need, shown } from "./runtime.js";
import { sentence } from "./translating.js";

const DATE = /^(1[89]|2[0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$/;
const INSTANT = /^(1[89]|2[0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/;

const MONTHS = {
  en: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
  es: ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"],
};
const WEEKDAYS = {
  en: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
  es: ["dom", "lun", "mar", "mié", "jue", "vie", "sáb"],
};

const two = (number) => String(number).padStart(2, "0");

function setting(context, name) {
  if (context[name] === undefined) throw new TypeError(`the page has no ${name}`);
  return context[name];
}

function language(context) {
  return setting(context, "language") === "es" ? "es" : "en";
}

// Date.parse lets February 30 roll into March; what does not come back as it went in was never a date.
function milliseconds(instant) {
  const moment = INSTANT.test(need("text", instant)) ? Date.parse(instant) : NaN;
  if (Number.isNaN(moment) || new Date(moment).toISOString() !== instant) throw new TypeError("this is not an instant");
  return moment;
}

/** A UTC Date that reads what the site's own wall clock read at that instant. */
function local(context, instant) {
  const moment = milliseconds(instant);
  const { transitions } = setting(context, "zone");
  for (let at = transitions.length - 1; at >= 0; at--) {
    if (transitions[at][0] <= moment) return new Date(moment + transitions[at][1] * 60_000);
  }
  throw new TypeError("the zone does not reach back to this instant");
}

function calendarDay(context, moment) {
  if (DATE.test(need("text", moment))) return new Date(milliseconds(`${moment}T00:00:00.000Z`));
  return local(context, moment);
}

function dayNumber(date) {
  return Math.floor(date.getTime() / 86_400_000);
}

function lookUpWord(table, word, otherwise) {
  return Object.hasOwn(table, word) ? table[word] : otherwise;
}

export const filters = {
  clock(context, instant) {
    const at = local(context, instant);
    const half = language(context) === "es" ? ["a.\u00a0m.", "p.\u00a0m."] : ["am", "pm"];
    const hour = at.getUTCHours();
    return `${hour % 12 || 12}:${two(at.getUTCMinutes())} ${half[hour >= 12 ? 1 : 0]}`;
  },

  day(context, moment) {
    const on = calendarDay(context, moment);
    const spoken = language(context);
    const weekday = WEEKDAYS[spoken][on.getUTCDay()];
    const month = MONTHS[spoken][on.getUTCMonth()];
    return spoken === "es" ? `${weekday} ${on.getUTCDate()} ${month}` : `${weekday}, ${month} ${on.getUTCDate()}`;
  },

  date(context, moment) {
    const on = calendarDay(context, moment);
    const spoken = language(context);
    const month = MONTHS[spoken][on.getUTCMonth()];
    const year = on.getUTCFullYear();
    return spoken === "es" ? `${on.getUTCDate()} ${month} ${year}` : `${month} ${on.getUTCDate()}, ${year}`;
  },

  birth_date(context, moment) {
    const on = calendarDay(context, moment);
    return `${two(on.getUTCMonth() + 1)}/${two(on.getUTCDate())}/${on.getUTCFullYear()}`;
  },

  age(context, born) {
    const on = calendarDay(context, born);
    const today = local(context, setting(context, "now"));
    const months =
      (today.getUTCFullYear() - on.getUTCFullYear()) * 12 +
      (today.getUTCMonth() - on.getUTCMonth()) -
      (today.getUTCDate() < on.getUTCDate() ? 1 : 0);
    if (months >= 24) return String(Math.floor(months / 12));
    if (months >= 1) return `${months} ${language(context) !== "es" ? "mo" : months > 1 ? "meses" : "mes"}`;
    return `${Math.max(0, dayNumber(today) - dayNumber(on))} d`;
  },

  minutes_since(context, instant) {
    const passed = milliseconds(setting(context, "now")) - milliseconds(instant);
    return Math.max(0, Math.floor(passed / 60_000));
  },

  duration(context, minutes) {
    if (need("integer", minutes) < 0) throw new TypeError("a duration is not negative");
    return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
  },

  money(context, cents) {
    const size = Math.abs(need("integer", cents));
    const whole = String(Math.floor(size / 100)).replace(/\B(?=(\d{3})+$)/g, ",");
    return `${cents < 0 ? "-" : ""}$${whole}.${two(size % 100)}`;
  },

  plural(context, count, one, many) {
    return need("integer", count) === 1 ? one : many;
  },

  t(context, sentence) {
    return lookUpWord(setting(context, "words"), need("text", sentence), sentence);
  },

  sentence(context, said) {
    return sentence(setting(context, "words"), need("text", said));
  },

  status_word(context, code) {
    const word = lookUpWord(setting(context, "status_words"), need("text", code), code.replaceAll("_", " "));
    return filters.t(context, word);
  },

  phone(context, number) {
    const digits = need("text", number).replace(/[ ().+-]/g, "");
    const match = /^1?([0-9]{3})([0-9]{3})([0-9]{4})$/.exec(digits);
    return match ? `(${match[1]}) ${match[2]}-${match[3]}` : number;
  },

  mint(context, value, label) {
    return mint(setting(context, "seed"), need("text", label), need("text", value));
  },

  lasting(context, id, label) {
    return mint(need("text", id), need("text", label), need("text", setting(context, "bearer")));
  },

  default(context, value, instead) {
    return value ?? instead;
  },

  join(context, things, separator) {
    for (const each of need("list", things)) {
      shown(each);
      if (kind(each) === "markup") throw new TypeError("markup is not joined");
    }
    return things.join(need("text", separator));
  },

  length(context, value) {
    if (kind(value) === "list") return value.length;
    if (kind(value) !== "text") throw new TypeError(`${kind(value)} has no length`);
    let points = 0;
    for (const _ of value) points++;
    return points;
  },

  first(context, things) {
    return need("list", things)[0];
  },
};
