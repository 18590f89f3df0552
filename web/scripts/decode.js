/** Finds the codes in a picture. This worker alone may run the WASM that does it. */

/* global ZXingWASM */
importScripts("../lib/zxing_reader.js");

const FORMATS = ["DataMatrix", "Code128", "QRCode", "EAN13", "EAN8", "UPCA"];
const OF_GS1 = new Set(["]C1", "]d2", "]Q3"]);

ZXingWASM.prepareZXingModule({
  overrides: { locateFile: (name) => new URL(`../lib/${name}`, self.location.href).href },
});

self.onmessage = async ({ data: { width, height, buffer } }) => {
  try {
    const picture = new ImageData(new Uint8ClampedArray(buffer), width, height);
    // Plain text keeps the separators of GS1.
    const found = await ZXingWASM.readBarcodes(picture, { formats: FORMATS, textMode: "Plain", tryHarder: true });
    self.postMessage({ codes: found.filter((one) => one.isValid).map(codeOf) });
  } catch (error) {
    self.postMessage({ error: String(error.message ?? error) });
  }
};

/** GS1 in a symbol is known by its identifier; the text alone may look like any other. */
function codeOf({ text, format, symbologyIdentifier }) {
  const flat = format !== "DataMatrix" && format !== "QRCode";
  return { text: OF_GS1.has(symbologyIdentifier) ? symbologyIdentifier + text : text, flat };
}
