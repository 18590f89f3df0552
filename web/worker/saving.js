/** A form sent to this device: read, complained about, or saved and painted. */

import { answerPost, complain } from "./answers.js";
import { AlreadySent, NotSaved } from "./outbox.js";
import { readPost } from "./posts.js";

const SAY = {
  not_saved: {
    en: "This was NOT saved: the device could not keep it. Nothing you typed is lost; try again, or write it down.",
    es: "Esto NO se guardó: el dispositivo no pudo conservarlo. No se perdió nada de lo que escribió; inténtelo de nuevo o anótelo.",
  },
  already_sent: {
    en: "This form was saved before with other content. Open the page again to change it.",
    es: "Este formulario ya se guardó con otro contenido. Abra la página de nuevo para cambiarlo.",
  },
};

export async function answerForm({ house, world, desk }, { post, params }, form, scope, { partial, page }) {
  const { complaints, ...read } = readPost(house.manifest, post, params, form, scope);
  const sayNo = (wrong, said) => complain(house, post, params, form, wrong, desk.view(), scope, partial, said);
  if (Object.keys(complaints).length) return sayNo(complaints);
  const command = {
    ...read, v: house.manifest.commands[read.command].v, actor: scope.actor.id, made: world.clock(),
    made_at: scope.now, site: scope.site.id, today: scope.today, device: scope.device,
  };
  try {
    await desk.save(command, page);
  } catch (error) {
    if (error instanceof AlreadySent) return sayNo({}, inWords("already_sent", scope));
    if (!(error instanceof NotSaved)) throw error;
    world.report(error);
    const answer = sayNo({}, inWords("not_saved", scope));
    return { ...answer, status: 503, headers: { ...answer.headers, "X-Daysheet-Complaint": "1" } };
  }
  return answerPost(house, post, params, form, read.fields, desk.view(), scope, partial);
}

const inWords = (key, { language }) => SAY[key][language] ?? SAY[key].en;
