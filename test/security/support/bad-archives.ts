/**
 * Archives that are none, that lie, or that mean harm, and a few that only look odd. Built by
 * writing an honest one and changing bytes of it. Source of the format: APPNOTE.TXT.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { buildZip, type ZipEntry } from "@paddock/testkit";

const MEBIBYTE = 1024 * 1024;
const index: Record<string, ZipEntry> = {
  "index.mjs": "export const handler = async () => 'from the archive';",
};

const notUnzipped =
  "Could not unzip uploaded file. Please check your file, then try to upload again.";
const tooBig = "Unzipped size must be smaller than 262144000 bytes";
const tooMany = "The archive must have fewer than 50000 files and directories";
const empty = "Uploaded file must be a non-empty zip";

export interface BadArchive {
  /** "… when it …" */
  readonly what: string;
  readonly build: () => Promise<Buffer>;
  readonly message: string;
}

/** Deflate makes a thousandth of zeros. */
const zeros = (mebibytes: number): ZipEntry => ({
  content: Buffer.alloc(mebibytes * MEBIBYTE),
  compress: true,
});

/** Offsets of a central directory header's fields. */
const CENTRAL = { flags: 8, method: 10, crc: 16, size: 24, attributes: 40, localHeader: 42 };
const ENCRYPTED = 1;
const LZMA = 14;
const BLOCK_DEVICE = 0o060_644;

type Change = (zip: Buffer, header: number, index: number) => void;

/** An archive of these files, with each central directory header changed. */
async function changed(files: Record<string, ZipEntry>, change: Change): Promise<Buffer> {
  const zip = await buildZip(files);
  const signature = Buffer.from("PK\u0001\u0002");
  let count = 0;
  for (let at = zip.indexOf(signature); at !== -1; at = zip.indexOf(signature, at + 4)) {
    change(zip, at, count);
    count += 1;
  }
  return zip;
}

/** Written in Python, whose zipfile makes what honest libraries do not. */
async function fromPython(statements: string): Promise<Buffer> {
  const script = `import io, sys, zipfile, warnings
warnings.simplefilter("ignore")
out = io.BytesIO()
with zipfile.ZipFile(out, "w") as z:
    ${statements.split("\n").join("\n    ")}
sys.stdout.buffer.write(out.getvalue())`;
  const options = { encoding: "buffer", maxBuffer: 64 * MEBIBYTE } as const;
  return (await promisify(execFile)("python3", ["-c", script], options)).stdout;
}

const writeIndex = `z.writestr("index.mjs", "export const handler = async () => 'from the archive';")`;

export const badArchives: readonly BadArchive[] = [
  { what: "is no archive", build: async () => Buffer.from("no archive"), message: notUnzipped },
  {
    what: "is cut off",
    build: async () => (await buildZip(index)).subarray(0, 60),
    message: notUnzipped,
  },
  { what: "is empty", build: () => buildZip({}), message: empty },
  ...(
    [
      ["has a path with ../", { "../escaped.mjs": "x" }],
      ["has a path with ../ further down", { "a/../../escaped.mjs": "x" }],
      ["has an absolute path", { "/tmp/escaped.mjs": "x" }],
      ["has a path of Windows", { "..\\escaped.mjs": "x" }],
      ["has a link that leaves it", { link: { symlink: "../../../etc" } }],
      ["has an absolute link", { link: { symlink: "/etc" } }],
      [
        "has a link that leaves it through another",
        { d: { symlink: "." }, e: { symlink: "d/.." } },
      ],
      ["has a file below a link", { "d/x": "1", l: { symlink: "d" }, "l/evil": "x" }],
      ["has a file below a file", { a: "1", "a/b": "2" }],
      ["has a name of 5,000 characters", { [`d/${"x".repeat(5000)}`]: "x" }],
      ["has directories 200 deep", { [`${"d/".repeat(200)}x`]: "x" }],
    ] as const
  ).map(([what, files]) => ({
    what,
    build: () => buildZip({ ...index, ...(files as Record<string, ZipEntry>) }),
    message: notUnzipped,
  })),
  {
    what: "has a file and a link of one name",
    build: () =>
      fromPython(
        `link = zipfile.ZipInfo("l"); link.create_system = 3; link.external_attr = 0o120777 << 16
z.writestr(link, "index.mjs"); z.writestr("l", "x"); ${writeIndex}`,
      ),
    message: notUnzipped,
  },
  {
    what: "is encrypted",
    build: () => changed(index, (zip, at) => zip.writeUInt16LE(ENCRYPTED, at + CENTRAL.flags)),
    message: notUnzipped,
  },
  {
    what: "is compressed in a way that nobody knows",
    build: () => changed(index, (zip, at) => zip.writeUInt16LE(LZMA, at + CENTRAL.method)),
    message: notUnzipped,
  },
  {
    what: "has a device",
    build: () =>
      changed(index, (zip, at) => zip.writeUInt16LE(BLOCK_DEVICE, at + CENTRAL.attributes)),
    message: notUnzipped,
  },
  {
    what: "has a wrong checksum",
    build: () => changed(index, (zip, at) => zip.writeUInt32LE(1, at + CENTRAL.crc)),
    message: notUnzipped,
  },
  {
    what: "points beyond its end",
    build: () =>
      changed(index, (zip, at) => zip.writeUInt32LE(0x7fff_ffff, at + CENTRAL.localHeader)),
    message: notUnzipped,
  },
  {
    what: "unpacks to more than it says",
    build: () =>
      changed({ ...index, bomb: zeros(20) }, (zip, at, place) => {
        if (place === 1) zip.writeUInt32LE(1000, at + CENTRAL.size);
      }),
    message: notUnzipped,
  },
  {
    what: "unpacks to more than 250 MB",
    build: () => buildZip({ ...index, zeros: zeros(251) }),
    message: tooBig,
  },
  {
    what: "unpacks one file many times",
    // Every entry is the same 20 MB of zeros: a few KB of archive for 400 MB.
    build: async () => {
      const files = Array.from({ length: 20 }, (_, number) => [`copy-${number}`, "x"] as const);
      const bomb = await buildZip({ zeros: zeros(20) });
      const crc = bomb.readUInt32LE(bomb.indexOf("PK\u0001\u0002") + CENTRAL.crc);
      return changed({ zeros: zeros(20), ...Object.fromEntries(files) }, (zip, at) => {
        const first = zip.indexOf("PK\u0001\u0002");
        zip.copy(zip, at + CENTRAL.method, first + CENTRAL.method, first + CENTRAL.size + 4);
        zip.writeUInt32LE(crc, at + CENTRAL.crc);
        zip.writeUInt32LE(0, at + CENTRAL.localHeader);
      });
    },
    message: tooBig,
  },
  {
    what: "has 50,001 files",
    build: () => fromPython(`for i in range(50001): z.writestr(str(i), "")`),
    message: tooMany,
  },
];

export interface OddArchive {
  readonly what: string;
  readonly build: () => Promise<Buffer>;
}

/** Each answers `from the archive`. */
export const oddArchives: readonly OddArchive[] = [
  {
    what: "has a name twice, of which the last counts",
    build: () => fromPython(`z.writestr("index.mjs", "no module"); ${writeIndex}`),
  },
  {
    what: "is in the format for large archives",
    build: () =>
      fromPython(`with z.open("index.mjs", "w", force_zip64=True) as f:
    f.write(b"export const handler = async () => 'from the archive';")`),
  },
  {
    what: "has an archive in it, which is a file like any other",
    build: async () =>
      buildZip({ ...index, "nested.zip": await buildZip({ "../x": "y" }), "empty/": "" }),
  },
  { what: "is not compressed", build: () => fromPython(writeIndex) },
];
