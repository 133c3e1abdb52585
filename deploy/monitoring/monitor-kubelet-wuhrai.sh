#!/bin/bash
# Three values of a running service: how long an answer takes, how much memory it has, and whether it is well.
# Needs bc, ps, curl and jq. KW_URL and KW_QUERY may say otherwise where it is and what is asked.
url=${KW_URL:-http://localhost:8888}
query=${KW_QUERY:-get pods}

echo "=== kubelet-wuhrai ==="
date '+%Y-%m-%d %H:%M:%S'

start=$(date +%s.%N)
kubelet-wuhrai --quiet "$query" </dev/null >/dev/null
end=$(date +%s.%N)
echo "response time: $(echo "$end - $start" | bc) s"

memory=$(ps aux | grep '[k]ubelet-wuhrai' | awk '{ sum += $4 } END { printf "%.1f", sum }')
echo "memory: ${memory} %"

echo "health: $(curl -s "$url/api/v1/health" | jq -r .status)"
