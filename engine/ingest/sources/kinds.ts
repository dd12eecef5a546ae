import type { SourceKind } from '../../../shared/model/source.ts';
import { startElasticsearch } from './elasticsearch.ts';
import { startFileTail } from './file-tail.ts';
import { startFolderWatch } from './folder-watch.ts';
import { startHttp } from './http.ts';
import type { StartSource } from './live-source.ts';
import { startSyslog } from './syslog.ts';

/** How each kind of source is started. A kind is one file of this folder and its line here. */
export const SOURCE_STARTERS: { readonly [K in SourceKind]?: StartSource<K> } = {
  elasticsearch: startElasticsearch,
  file: startFileTail,
  folder: startFolderWatch,
  syslog: startSyslog,
  http: startHttp,
};
