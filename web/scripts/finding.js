/** Finds codes in pictures of a video: by the browser where it can, else by a worker of ours. */

const NAMES = ["data_matrix", "code_128", "qr_code", "ean_13", "ean_8", "upc_a"];
const SQUARE = new Set(["data_matrix", "qr_code"]);
const ANSWERS_WITHIN_MS = 10_000;

/** {find(video): the [{text, flat}] of this moment, end()}. */
export async function finder() {
  return (await ofTheBrowser()) ?? ofTheWorker();
}

async function ofTheBrowser() {
  if (!("BarcodeDetector" in window)) return null;
  const can = await window.BarcodeDetector.getSupportedFormats();
  if (!NAMES.every((name) => can.includes(name))) return null;
  const detector = new window.BarcodeDetector({ formats: NAMES });
  return {
    async find(video) {
      const found = await detector.detect(video);
      return found.map(({ rawValue, format }) => ({ text: rawValue, flat: !SQUARE.has(format) }));
    },
    end() {},
  };
}

function ofTheWorker() {
  const worker = new Worker(new URL("./decode.js", import.meta.url));
  const canvas = document.createElement("canvas");
  const drawing = canvas.getContext("2d", { willReadFrequently: true });
  return {
    find(video) {
      [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
      drawing.drawImage(video, 0, 0);
      const { width, height, data } = drawing.getImageData(0, 0, canvas.width, canvas.height);
      return new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error("no answer")), ANSWERS_WITHIN_MS);
        worker.onmessage = ({ data: { codes, error } }) => {
          clearTimeout(late);
          if (codes) resolve(codes);
          else reject(new Error(error));
        };
        worker.onerror = () => { clearTimeout(late); reject(new Error("the worker failed")); };
        worker.postMessage({ width, height, buffer: data.buffer }, [data.buffer]);
      });
    },
    end: () => worker.terminate(),
  };
}
