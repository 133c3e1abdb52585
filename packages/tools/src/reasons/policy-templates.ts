/** Why a call is allowed, asked or denied: English as it is logged, and Chinese with the same placeholders. */
export const policyTemplates: readonly (readonly [string, string])[] = [
  ['it only reads', '只读取'],
  ['what it reads may hold secrets', '读取的内容可能含有机密'],
  ['what it reads may hold secrets, also where permissions are skipped', '读取的内容可能含有机密，跳过权限时也要询问'],
  ['a call that is a write needs an approval', '写操作需要批准'],
  ['a call that is dangerous needs an approval', '危险操作需要批准'],
  ['a call that is not understood needs an approval', '无法判定的操作需要批准'],
  ['a call that is dangerous needs an approval even where permissions are skipped', '即使跳过权限，危险操作也需要批准'],
  ['a call that is not understood needs an approval even where permissions are skipped', '即使跳过权限，无法判定的操作也需要批准'],
  ['every call needs an approval in this run', '本次运行的每个操作都需要批准'],
  ['permissions are skipped in this run', '本次运行跳过权限'],
  ['this run is read-only: nothing may be changed', '本次运行为只读：不允许任何修改'],
  [
    'this run changes nothing: put the command or manifest into the answer for the user to run',
    '本次运行不做任何修改：请把命令或清单写进回答，由用户自己执行',
  ],
  ['it names another cluster, user or credential than the run was started with', '它指向与本次运行不同的集群、用户或凭证'],
  ['a rule of the configuration says {0}', '配置中的规则要求 {0}'],
  ['a rule of the configuration wants another person to approve it', '配置中的规则要求由另一人批准'],
  ['nothing is known of what it does', '不清楚它的作用'],
];
