import { ROOT_TEXT } from "../../load/documents/author.ts";
import { Company, type CompanySize } from "../../load/documents/company.ts";
import type { DocumentDialect } from "../../load/documents/document-dialect.ts";
import type { Running, Server } from "../../servers/server.ts";
import { withServer } from "../lifetime.ts";

/**
 * Starts a server, lets a company in, does the work, and ends both whatever becomes of it. In the end
 * a reader must have the text that the authors wrote.
 */
export function withCompany<T>(
  server: Server,
  size: CompanySize,
  work: (running: Running, company: Company) => Promise<T>,
): Promise<T> {
  return withServer(server, async (running) => {
    const company = await Company.gather(documentsOf(server, running), size);
    try {
      const result = await work(running, company);
      await company.requireConvergence();
      const text = company.participants.at(-1)?.text(ROOT_TEXT) ?? "";
      if (text.length !== company.edits) {
        throw new Error(`A reader has ${text.length} characters of ${company.edits}.`);
      }
      return result;
    } finally {
      company.leave();
    }
  });
}

/** How the documents of a server that runs are spoken to. */
export function documentsOf({ name, documentsAt }: Server, { port }: Running): DocumentDialect {
  if (documentsAt === undefined) throw new Error(`${name} has no documents.`);
  return documentsAt(port);
}
