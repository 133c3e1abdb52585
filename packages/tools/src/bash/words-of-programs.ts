/** Programs that change things, with what they do. */
export const writers: ReadonlyMap<string, string> = new Map([
  ['tee', 'writes what it reads to files'],
  ['mkdir', 'makes directories'],
  ['touch', 'makes files'],
  ['cp', 'copies files'],
  ['mv', 'moves files'],
  ['ln', 'makes links'],
  ['mktemp', 'makes a file'],
  ['mkfifo', 'makes a pipe'],
  ['gzip', 'replaces files'],
  ['gunzip', 'replaces files'],
  ['unzip', 'unpacks files'],
  ['csplit', 'writes files'],
  ['rmdir', 'removes directories'],
  ['chmod', 'changes rights of files'],
  ['chown', 'changes owners of files'],
  ['chgrp', 'changes owners of files'],
]);

/** Programs that destroy, stop or open things. */
export const destroyers: ReadonlyMap<string, string> = new Map([
  ['rm', 'removes files'],
  ['shred', 'destroys files'],
  ['truncate', 'empties files'],
  ['unlink', 'removes files'],
  ['dd', 'writes raw data'],
  ['mkfs', 'makes a file system'],
  ['kill', 'stops processes'],
  ['pkill', 'stops processes'],
  ['killall', 'stops processes'],
  ['shutdown', 'stops the machine'],
  ['reboot', 'stops the machine'],
  ['halt', 'stops the machine'],
  ['poweroff', 'stops the machine'],
  ['iptables', 'changes the firewall'],
  ['nft', 'changes the firewall'],
  ['mount', 'mounts file systems'],
  ['umount', 'unmounts file systems'],
  ['fdisk', 'changes partitions'],
  ['swapoff', 'changes swap'],
  ['etcdctl', 'works on the cluster’s own store'],
]);

/** Programs that talk to the network: what they send and fetch is not seen. */
export const networkers: ReadonlySet<string> = new Set([
  'curl', 'wget', 'nc', 'ncat', 'netcat', 'telnet', 'ftp', 'sftp', 'scp', 'ssh', 'rsync', 'socat', 'ping', 'ping6', 'traceroute', 'tracepath', 'mtr',
  'dig', 'nslookup', 'host', 'whois', 'openssl', 'http', 'https', 'xh', 'grpcurl', 'aws', 'gcloud', 'az', 'git', 'docker', 'crictl', 'ctr', 'nerdctl',
]);

/** Programs that need a terminal, with what to use instead. */
export const screens: ReadonlyMap<string, string> = new Map([
  ['vi', 'Change files with kubectl patch or kubectl apply -f.'],
  ['vim', 'Change files with kubectl patch or kubectl apply -f.'],
  ['nano', 'Change files with kubectl patch or kubectl apply -f.'],
  ['emacs', 'Change files with kubectl patch or kubectl apply -f.'],
  ['less', 'Use cat, head or tail.'],
  ['more', 'Use cat, head or tail.'],
  ['man', 'Use COMMAND --help.'],
  ['htop', 'Use ps aux, or kubectl top.'],
  ['k9s', 'Use kubectl get.'],
]);
