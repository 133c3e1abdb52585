import type { Config, Inspector, RuntimeHost } from '@kw/runtime';
import { access, constants, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { both } from '../../errors.ts';
import type { Finding } from './check.ts';

const minFreeBytes = 100 * 1024 * 1024;
const mebibyte = 1024 * 1024;

/** Whether sessions can be kept: the state directory, its owner's alone, and the space on its disk. */
export async function checkState({ stateDirectory }: Config, { env }: RuntimeHost): Promise<Finding> {
  const temporary = env['TMPDIR'] || '/tmp';
  if (!(await mayWrite(temporary))) {
    return {
      status: 'fail',
      message: { en: `${temporary} can not be written`, zh: `${temporary} 不可写` },
      fix: { en: 'set TMPDIR to a directory of yours', zh: '请将 TMPDIR 设为可写的目录' },
    };
  }
  const { path, mode } = await nearest(stateDirectory);
  const isThere = path === stateDirectory;
  if (!(await mayWrite(path))) {
    return {
      status: 'fail',
      message: {
        en: `${path} can not be written: sessions are not kept, and nothing may be changed`,
        zh: `${path} 不可写：无法保存会话，也不会执行任何变更`,
      },
      fix: { en: `chmod u+rwx ${path}, or name another with --state-dir`, zh: `请运行 chmod u+rwx ${path}，或用 --state-dir 指定其他目录` },
    };
  }
  const { bavail, bsize } = await statfs(path);
  const free = bavail * bsize;
  const shown = {
    en: `${stateDirectory}${isThere ? '' : ' (made when it is needed)'}, ${Math.floor(free / mebibyte)} MiB free`,
    zh: `${stateDirectory}${isThere ? '' : '（需要时创建）'}，剩余 ${Math.floor(free / mebibyte)} MiB`,
  };
  if (free < minFreeBytes) return { status: 'warn', message: shown, fix: { en: 'make room on that disk', zh: '请清理磁盘空间' } };
  if (isThere && (mode & 0o077) !== 0)
    return {
      status: 'warn',
      message: { en: `${shown.en}; others can read it`, zh: `${shown.zh}；他人可读取` },
      fix: both(`chmod 700 ${stateDirectory}`),
    };
  return { status: 'ok', message: shown };
}

/** The path, or the nearest directory above it that is there. */
async function nearest(path: string): Promise<{ readonly path: string; readonly mode: number }> {
  try {
    return { path, mode: (await stat(path)).mode };
  } catch (error) {
    if (dirname(path) === path) throw error;
    return nearest(dirname(path));
  }
}

function mayWrite(path: string): Promise<boolean> {
  return access(path, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Whether the user's own tools can be read. */
export async function checkTools(inspector: Inspector, config: Config, host: RuntimeHost): Promise<Finding> {
  const { names, warnings } = await inspector.tools(config, host);
  if (warnings[0] !== undefined) return { status: 'warn', message: both(warnings.join('; ')) };
  if (names.length === 0)
    return {
      status: 'ok',
      message: {
        en: `no tools of your own (${config.configDirectory}/tools.yaml)`,
        zh: `没有自定义工具（${config.configDirectory}/tools.yaml）`,
      },
    };
  return {
    status: 'ok',
    message: { en: `${names.length} of your own: ${names.join(', ')}`, zh: `自定义工具 ${names.length} 个：${names.join('、')}` },
  };
}

/** Whether the file of MCP servers can be read; the servers are not started. */
export async function checkMcp(inspector: Inspector, config: Config, host: RuntimeHost): Promise<Finding> {
  const { path, servers, isReadable } = await inspector.mcp(config, host);
  if (servers === undefined) {
    const missing = { en: `no servers (${path})`, zh: `没有服务（${path}）` };
    if (!config.mcpClient) return { status: 'ok', message: missing };
    return {
      status: 'warn',
      message: { en: `mcp-client is on, and ${path} is not there`, zh: `已启用 mcp-client，但 ${path} 不存在` },
      fix: { en: 'write it (docs/mcp.md), or leave --mcp-client out', zh: '请创建该文件（见 docs/mcp.md），或去掉 --mcp-client' },
    };
  }
  const broken = servers.find(({ problem }) => problem !== undefined);
  if (broken !== undefined) return { status: 'warn', message: both(`${path}: ${broken.name}: ${broken.problem ?? ''}`) };
  const names = servers.map(({ name }) => name).join(', ');
  const shown = {
    en: `${path}: ${names || 'no servers'}${config.mcpClient ? '' : ' (off; --mcp-client)'}`,
    zh: `${path}：${names || '没有服务'}${config.mcpClient ? '' : '（未启用；--mcp-client）'}`,
  };
  if (isReadable)
    return {
      status: 'warn',
      message: { en: `${shown.en}; others can read it`, zh: `${shown.zh}；他人可读取` },
      fix: both(`chmod 600 ${path}`),
    };
  return { status: 'ok', message: shown };
}
