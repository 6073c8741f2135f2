# Servers of a benchmark, for bash scripts that source this: their own ports, their own folders under $work, nothing of the system's.
# Each runs under tests/servers/supervise, whose standard input is a pipe that this script holds: when the script ends, in
# whatever way, the server's process group is killed and its folder deleted. Needs $root (the clone) and $work (an existing folder).

supervised=()

# Set by the script: what a server's command line begins with, `taskset -c 0` for instance.
pinned=()

# The process id of the server whose name is given.
declare -A server_pid

die() {
    echo "error: $*" >&2
    exit 2
}

# A port on which nothing listens, below those that the system gives out.
free_port() {
    local port
    for _ in {1..200}; do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 10000))
        if ! (exec 9<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            echo "$port"
            return
        fi
    done
    die "no free port was found from 20000 on"
}

# start NAME PROGRAM [ARGUMENTS]: in the folder $work/NAME, with the log there.
start() {
    local name="$1" pipe supervisor
    shift
    mkdir -p "$work/$name"
    exec {pipe}> >(cd "$work/$name" && exec "$root/tests/servers/supervise" "$work/$name" "" "${pinned[@]}" "$@")
    supervisor=$!
    supervised+=("$pipe:$supervisor")
    for _ in {1..100}; do
        server_pid[$name]="$(cat "/proc/$supervisor/task/$supervisor/children" 2>/dev/null | tr -d ' ' || true)"
        [ -z "${server_pid[$name]}" ] || return 0
        sleep 0.05
    done
    die "$name did not start"
}

# await NAME COMMAND...: until the command succeeds, for at most a minute and a half.
await() {
    local name="$1" until=$((SECONDS + 90))
    shift
    until "$@" >/dev/null 2>&1; do
        if [ "$SECONDS" -ge "$until" ] || ! kill -0 "${server_pid[$name]}" 2>/dev/null; then
            tail -n 40 "$work/$name/log" >&2
            die "$name did not come up; the end of its log is above"
        fi
        sleep 0.2
    done
}

listens() {
    (exec 9<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Whoever greets in AMQP 0-9-1 gets an answer; before that the port may be open and the broker not.
speaks_amqp() {
    local answer
    answer="$( (exec 9<>"/dev/tcp/127.0.0.1/$1" && printf 'AMQP\0\0\x09\x01' >&9 && timeout 5 head -c 1 <&9 | od -An -tu1) 2>/dev/null)"
    [ "$(tr -d ' ' <<<"$answer")" = 1 ]
}

# The last one first.
stop_servers() {
    local at entry pipe
    for ((at = ${#supervised[@]} - 1; at >= 0; at--)); do
        entry="${supervised[$at]}"
        pipe="${entry%%:*}"
        exec {pipe}>&-
        while kill -0 "${entry##*:}" 2>/dev/null; do
            sleep 0.05
        done
    done
    supervised=()
}

# Azurite on $1; its data are on the disk. The key is the one that Azurite publishes for its account.
start_azurite() {
    local program="$root/tests/servers/node_modules/azurite/dist/src/blob/main.js"
    command -v node >/dev/null && [ -f "$program" ] || die "no Azurite. hint: install node and npm, then run tests/install-servers"
    start azurite node "$program" --blobHost 127.0.0.1 --blobPort "$1" --location "$work/azurite/data" \
        --silent --skipApiVersionCheck --disableTelemetry
    await azurite listens "$1"
    azurite="DefaultEndpointsProtocol=http;AccountName=devstoreaccount1"
    azurite+=";AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
    azurite+=";BlobEndpoint=http://127.0.0.1:$1/devstoreaccount1"
}

# RabbitMQ on $1, and the name service that it would otherwise leave behind; see tests/Support/Servers/RabbitMqEnvironment.cs.
start_rabbitmq() {
    local port="$1" epmd_port folder="$work/rabbitmq" program
    program="$(ls -d /usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server /opt/rabbitmq/sbin/rabbitmq-server \
        /opt/homebrew/opt/rabbitmq/sbin/rabbitmq-server 2>/dev/null | tail -n 1 || true)"
    [ -n "$program" ] && command -v epmd >/dev/null || die "no RabbitMQ. hint: apt-get install rabbitmq-server"
    epmd_port="$(free_port)"
    start epmd epmd -port "$epmd_port" -address 127.0.0.1
    await epmd listens "$epmd_port"
    start rabbitmq env HOME="$folder" RABBITMQ_NODENAME="upweave-bench-$$@localhost" \
        RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT="$port" RABBITMQ_DIST_PORT="$(free_port)" \
        ERL_EPMD_PORT="$epmd_port" ERL_EPMD_ADDRESS=127.0.0.1 \
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}" \
        RABBITMQ_MNESIA_BASE="$folder/data" RABBITMQ_GENERATED_CONFIG_DIR="$folder/config" RABBITMQ_PID_FILE="$folder/pid" \
        RABBITMQ_LOG_BASE="$folder" RABBITMQ_LOGS=- RABBITMQ_ENABLED_PLUGINS_FILE="$folder/enabled_plugins" \
        RABBITMQ_CONF_ENV_FILE="$folder/rabbitmq-env.conf" RABBITMQ_CONFIG_FILE="$folder/rabbitmq.conf" \
        RABBITMQ_ADVANCED_CONFIG_FILE="$folder/advanced.config" "$program"
    await rabbitmq speaks_amqp "$port"
}

# The most memory that a server has held so far, in MB.
peak_megabytes() {
    awk '/^VmHWM:/ { printf "%.0f", $2 * 1024 / 1e6 }' "/proc/${server_pid[$1]}/status"
}

# Processor time that a server has taken so far, in seconds.
cpu_seconds() {
    sed 's/.*) //' "/proc/${server_pid[$1]}/stat" | awk -v hertz="$(getconf CLK_TCK)" '{ printf "%.2f", ($12 + $13) / hertz }'
}
