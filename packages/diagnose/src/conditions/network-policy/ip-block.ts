import { BlockList, isIP } from 'node:net';
import { textAt, textsAt } from '../../world/fields.ts';
import type { Fields } from '../../world/fields.ts';

/** Whether an address is in an `ipBlock` and not among its exceptions; an address that is not known may be. */
export function ipIsIn(ip: string, ipBlock: Fields): boolean {
  if (isIP(ip) === 0) return true;
  return isInside(ip, textAt(ipBlock, 'cidr')) && !textsAt(ipBlock, 'except').some((cidr) => isInside(ip, cidr));
}

function isInside(ip: string, cidr: string): boolean {
  const [address = '', length] = cidr.split('/');
  const family = isIP(address);
  const prefix = Number(length);
  if (family === 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > (family === 6 ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(address, prefix, family === 6 ? 'ipv6' : 'ipv4');
  return list.check(ip, isIP(ip) === 6 ? 'ipv6' : 'ipv4');
}
