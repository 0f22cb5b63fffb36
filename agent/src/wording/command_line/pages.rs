//! What `--help` says of each subcommand: what it does, its options, who runs it, an example, how it ends.

/// One subcommand.
pub(super) struct Page {
    /// As it is typed behind the program's name; empty for the program itself.
    pub(super) path: &'static str,
    pub(super) does: &'static str,
    /// Empty where only its subcommands are run.
    pub(super) who: &'static str,
    pub(super) examples: &'static [&'static str],
    pub(super) ends: &'static str,
    /// Options and arguments of its own; those that several share are in [`SHARED`].
    pub(super) arguments: &'static [Argument],
}

/// One option or argument.
pub(super) struct Argument {
    /// The field's name.
    pub(super) id: &'static str,
    /// What stands for its value; empty for a switch.
    pub(super) value: &'static str,
    pub(super) says: &'static str,
}

const fn argument(id: &'static str, value: &'static str, says: &'static str) -> Argument {
    Argument { id, value, says }
}

const USUAL: &str = "0 成功；1 没有办成，原因和处理办法见错误输出；2 命令写得不对";
const CASHIER: &str = "经办人（配置 [[operator]] 中的账户）；结算程序须在运行";
const CASHIER_OR_IT: &str = "经办人，或信息科（root 或 settlement-agent 账户）；结算程序须在运行";
const ROOT_RUNNING: &str = "信息科，用 root；结算程序须在运行";
const IT_STOPPED: &str = "信息科，用 root；先停掉结算程序：systemctl stop settlement-agent";

/// What several subcommands take.
pub(super) const SHARED: &[Argument] = &[
    argument("config", "文件", "配置文件"),
    argument("help", "", "显示本说明"),
    argument("version", "", "显示版本号"),
];

pub(super) const PAGES: &[Page] = &[
    Page {
        path: "",
        does: "工伤保险异地就医直接结算：医院窗口一侧的程序",
        who: "",
        examples: &[
            "settlement-agent check-config",
            "settlement-agent queue",
            "settlement-agent queue send-again --help",
        ],
        ends: USUAL,
        arguments: &[],
    },
    Page {
        path: "card-child",
        does: "替结算程序读卡的子进程",
        who: "由结算程序自己启动，不需要手工运行",
        examples: &["settlement-agent card-child"],
        ends: "不会自己结束；1 启动不了，原因见错误输出",
        arguments: &[],
    },
    Page {
        path: "card-keeper",
        does: "用单独的账户运行读卡子进程，结算程序断开时把它结束",
        who: "结算程序连接 card.sock 时由 systemd 启动，不需要手工运行",
        examples: &["settlement-agent card-keeper"],
        ends: "0 读卡子进程正常结束；1 启动不了或意外结束，原因见日志",
        arguments: &[],
    },
    Page {
        path: "workbook-child",
        does: "替结算程序读表格文件的子进程",
        who: "由结算程序自己启动，不需要手工运行",
        examples: &["settlement-agent workbook-child"],
        ends: "0 读完；1 不能工作，原因见错误输出",
        arguments: &[],
    },
    Page {
        path: "run",
        does: "运行结算程序，直到被停掉",
        who: "由 systemd 启动：systemctl start settlement-agent；日志用 journalctl -u settlement-agent 查看",
        examples: &["settlement-agent run"],
        ends: "0 按要求停止；1 启动不了或意外停止，原因和处理办法见错误输出；2 命令写得不对",
        arguments: &[],
    },
    Page {
        path: "check-config",
        does: "检查配置，把结算程序启动时要用的文件都试装一遍，一次说出所有问题和改正的命令",
        who: "信息科，用 root；第一次启动之前也可以用",
        examples: &["settlement-agent check-config"],
        ends: "0 配置可用；1 有问题，逐条列在错误输出；2 命令写得不对",
        arguments: &[],
    },
    Page {
        path: "create-key",
        does: "生成一把新的台账密钥（64 个十六进制数字，只有属主可读）；已有的文件不会被覆盖",
        who: "信息科，用 root；只在全新安装时用，新密钥打不开已有的台账",
        examples: &["settlement-agent create-key /etc/settlement-agent/secrets/ledger.key"],
        ends: USUAL,
        arguments: &[argument("path", "密钥文件", "要生成的密钥文件")],
    },
    Page {
        path: "page",
        does: "给出打开窗口页面的一次性链接，或直接打开窗口页面",
        who: CASHIER,
        examples: &["settlement-agent page", "settlement-agent page --open"],
        ends: USUAL,
        arguments: &[
            argument(
                "open",
                "",
                "直接打开页面，用单独的浏览器资料，关窗后删除；不打印链接",
            ),
            argument(
                "browser",
                "程序名",
                "与 --open 同用：换用别的 Chromium 内核浏览器",
            ),
        ],
    },
    Page {
        path: "slip",
        does: "把一笔结算的结算单（附件10，一式两联）或其中一联的补打件写成 PDF 文件，并记入台账日志",
        who: CASHIER,
        examples: &[
            "settlement-agent slip 结算编号 --to 结算单.pdf",
            "settlement-agent slip 结算编号 --to 补打.pdf --copy worker --reason 职工遗失",
        ],
        ends: USUAL,
        arguments: &[
            argument("settlement", "结算编号", "结算编号，见结算单或首页"),
            argument(
                "to",
                "文件",
                "要写的文件，须还不存在；内有病人信息，只有属主可读",
            ),
            argument(
                "copy",
                "联",
                "只补打一联：institution 协议机构联，worker 工伤职工联；单上注明补打、时间和补打人",
            ),
            argument("reason", "原因", "为什么补打，记入台账日志；与 --copy 同用"),
        ],
    },
    Page {
        path: "staff",
        does: "管理在本窗口登录的人员：增加、重置密码、停用；平时由管理人员在页面“人员”中办理",
        who: "",
        examples: &[
            "settlement-agent staff add 1001 --name 张三 --roles 收款,管理",
            "settlement-agent staff list",
        ],
        ends: USUAL,
        arguments: &[],
    },
    Page {
        path: "staff list",
        does: "列出人员：工号、姓名、权限、是否停用",
        who: ROOT_RUNNING,
        examples: &["settlement-agent staff list"],
        ends: USUAL,
        arguments: &[],
    },
    Page {
        path: "staff add",
        does: "增加一名人员，并显示一次性密码；增加第一名之后，办业务都要用工号登录",
        who: ROOT_RUNNING,
        examples: &["settlement-agent staff add 1001 --name 张三 --roles 收款,管理"],
        ends: USUAL,
        arguments: &[
            argument(
                "number",
                "工号",
                "工号，1 到 20 位字母或数字；报给省平台的经办人编号",
            ),
            argument("name", "姓名", "姓名，印在结算单上"),
            argument(
                "roles",
                "权限",
                "收款、复核、管理中的一项或几项，用逗号分开",
            ),
        ],
    },
    Page {
        path: "staff reset",
        does: "给一名人员发新的一次性密码，解除锁定；停用的同时恢复",
        who: ROOT_RUNNING,
        examples: &["settlement-agent staff reset 1001"],
        ends: USUAL,
        arguments: &[argument(
            "number",
            "工号",
            "工号，由 settlement-agent staff list 列出",
        )],
    },
    Page {
        path: "staff disable",
        does: "停用一名人员：不能再登录，已登录的立即退出",
        who: ROOT_RUNNING,
        examples: &["settlement-agent staff disable 1001"],
        ends: USUAL,
        arguments: &[argument(
            "number",
            "工号",
            "工号，由 settlement-agent staff list 列出",
        )],
    },
    Page {
        path: "queue",
        does: "列出还没有上传的记录：剩余时间、卡在哪里、哪些等人处理；或登记被退回的记录怎么处理",
        who: CASHIER_OR_IT,
        examples: &["settlement-agent queue"],
        ends: USUAL,
        arguments: &[],
    },
    Page {
        path: "queue send-again",
        does: "把等人处理的一条原样重新上传：平台那边已改好，或没有收到",
        who: CASHIER,
        examples: &["settlement-agent queue send-again 报文标识 --reason 原因"],
        ends: USUAL,
        arguments: &[
            argument(
                "message",
                "报文标识",
                "报文标识，由 settlement-agent queue 列出",
            ),
            argument("reason", "原因", "改了什么、与谁核对过；记入台账日志"),
        ],
    },
    Page {
        path: "queue taken-by-hand",
        does: "登记一条不再上传：经办机构已收到或已人工录入；登记后不能撤回",
        who: CASHIER,
        examples: &[
            "settlement-agent queue taken-by-hand 报文标识 --reference 受理编号 --reason 原因",
        ],
        ends: USUAL,
        arguments: &[
            argument(
                "message",
                "报文标识",
                "报文标识，由 settlement-agent queue 列出",
            ),
            argument("reference", "受理编号", "经办机构给的受理编号"),
            argument("reason", "原因", "为什么不能上传、由谁录入；记入台账日志"),
        ],
    },
    Page {
        path: "journal",
        does: "核对台账日志和它记下的一切是否还是原样",
        who: "",
        examples: &["settlement-agent journal verify"],
        ends: USUAL,
        arguments: &[],
    },
    Page {
        path: "journal verify",
        does: "从头核对台账日志、每条记录和每个待上传报文；给出校验码的，核对本机台账是否就是结算单所指的那一份",
        who: CASHIER_OR_IT,
        examples: &[
            "settlement-agent journal verify",
            "settlement-agent journal verify --head 12-00ff00ff00ff00ff",
        ],
        ends: "0 全部相符；1 有不符的，或没有核对完，见错误输出；2 命令写得不对",
        arguments: &[argument(
            "heads",
            "校验码",
            "结算单上的“台账校验码”，可以写几次",
        )],
    },
    Page {
        path: "ledger",
        does: "备份台账，或决定一份被暂停的台账怎样继续",
        who: "",
        examples: &["settlement-agent ledger backup --to 备份文件"],
        ends: USUAL,
        arguments: &[],
    },
    Page {
        path: "ledger backup",
        does: "备份台账：结算程序运行与否都可以，备份自成一体，写完逐页检查",
        who: "信息科，用 root",
        examples: &["settlement-agent ledger backup --to /mnt/backup/ledger-20260301.db"],
        ends: USUAL,
        arguments: &[
            argument("to", "文件", "要写的备份文件，须还不存在；用台账密钥加密"),
            KEY_FILE,
        ],
    },
    Page {
        path: "ledger restore",
        does: "用一份备份换下台账，并开始新的编号段；原来的台账改名保留",
        who: IT_STOPPED,
        examples: &["settlement-agent ledger restore 备份文件 --who 姓名 --reason 原因"],
        ends: USUAL,
        arguments: &[
            argument(
                "copy",
                "备份文件",
                "由 settlement-agent ledger backup 写出的备份",
            ),
            WHO,
            WHY,
            KEY_FILE,
        ],
    },
    Page {
        path: "ledger new-epoch",
        does: "台账与见证不符而被暂停、又没有更新的备份时，用现有的台账继续，并开始新的编号段",
        who: IT_STOPPED,
        examples: &["settlement-agent ledger new-epoch --who 姓名 --reason 原因"],
        ends: USUAL,
        arguments: &[
            argument("empty", "", "台账已丢失、也没有备份：从空台账开始"),
            WHO,
            WHY,
            KEY_FILE,
        ],
    },
    Page {
        path: "accept-clock",
        does: "登记本机时间已核对无误：时间曾经走快，台账里留下了更晚的时间，结算因此暂停",
        who: CASHIER_OR_IT,
        examples: &["settlement-agent accept-clock --reason 原因"],
        ends: USUAL,
        arguments: &[argument(
            "reason",
            "原因",
            "时间何时、为何错过，对照什么核对的；记入台账日志",
        )],
    },
    Page {
        path: "bill",
        does: "看医院的账单会被怎样读取，或为账单的列名和类别拟出配置",
        who: "",
        examples: &["settlement-agent bill check 账单文件"],
        ends: USUAL,
        arguments: &[],
    },
    Page {
        path: "bill check",
        does: "逐行列出账单文件会被怎样读取、改动了什么、有哪些不能采用；结算程序运行时，逐行核对目录",
        who: "信息科，或经办人；结算程序运行与否都可以",
        examples: &[
            "settlement-agent bill check 账单.xlsx",
            "settlement-agent bill check --json 账单.csv",
        ],
        ends: "0 可以试算；2 不能采用，或命令写得不对；3 可以采用，但有明细还没有标“治疗工伤”；4 可以采用，但不在目录里的金额超过配置的比例；1 文件或配置读不出来",
        arguments: &[
            argument("file", "账单文件", "账单：CSV 或其他文本、XLSX、XLS"),
            argument("json", "", "写成 JSON，供程序读取"),
        ],
    },
    Page {
        path: "bill map",
        does: "按一份样本拟出配置中 [bill] 要写的内容：没有认出的列名和类别",
        who: "信息科；结算程序运行与否都可以",
        examples: &["settlement-agent bill map 样本.csv"],
        ends: USUAL,
        arguments: &[argument("file", "账单文件", "一份有代表性的账单")],
    },
    Page {
        path: "read-card",
        does: "读一张卡，列出内容、每一步的用时和状态字；读到一半断了也列出",
        who: "信息科，用 root 或能使用读卡器的账户；结算程序运行与否都可以",
        examples: &[
            "settlement-agent read-card",
            "settlement-agent read-card --reader 读卡器名称的一部分 --every-record",
        ],
        ends: "0 读到了卡；3 读到了卡，但没有读出持卡人；1 没有读到；2 命令写得不对",
        arguments: &[
            argument(
                "config",
                "文件",
                "配置文件：读卡器、认证方式、省平台；不写时用已安装的配置，不能用就只按其他选项",
            ),
            argument(
                "reader",
                "名称",
                "读卡器名称的一部分，代替配置；写空的（\"\"）就看所有读卡器",
            ),
            argument(
                "vendor_library",
                "程序库",
                "用这个厂商程序库（SSCardDriver）打开 3.0 卡，代替配置中的方式",
            ),
            argument("unmasked", "", "显示完整的号码和姓名，不遮盖"),
            argument(
                "national_string",
                "",
                "与 --unmasked 同用：按国家读卡接口拼成一串，不能遮盖",
            ),
            argument("every_record", "", "读出 EF05、EF06 的每条记录和状态字"),
            argument("wait", "秒数", "等卡的秒数"),
        ],
    },
    Page {
        path: "scan",
        does: "看串口扫码枪传来什么、怎样结束、是哪一种码",
        who: "信息科，用 root；先停掉结算程序，它一直占用扫码枪：systemctl stop settlement-agent",
        examples: &[
            "settlement-agent scan",
            "settlement-agent scan --id 扫码枪名称的一部分 --baud 115200",
        ],
        ends: USUAL,
        arguments: &[
            argument(
                "config",
                "文件",
                "配置文件：扫码枪、码的样式、时限；不写时用已安装的配置，已用选项指定扫码枪的可以没有",
            ),
            argument(
                "id",
                "名称",
                "/dev/serial/by-id 下扫码枪名称的一部分，代替配置中的扫码枪",
            ),
            argument(
                "device",
                "路径",
                "不会改变的设备路径，例如主板自带的串口，代替配置中的扫码枪",
            ),
            argument("baud", "波特率", "--id 或 --device 所指扫码枪的波特率"),
            argument(
                "ends",
                "方式",
                "那把扫码枪怎样结束一个码：line 为回车或换行，silence 为停顿 100 毫秒",
            ),
            argument("prefix", "文字", "那把扫码枪加在每个码前面的字符"),
            argument("suffix", "文字", "那把扫码枪加在每个码后面的字符"),
            argument(
                "unmasked",
                "",
                "显示码的内容：一分钟内可以凭它查到本人的记录，请用自己的码",
            ),
            argument(
                "count",
                "个数",
                "扫几个码后结束；0 为一直等，用 Ctrl+C 结束",
            ),
        ],
    },
    Page {
        path: "province",
        does: "看省平台的接口代码表：给出底稿，或看某种报文按这张表会发出什么；不发送任何数据",
        who: "",
        examples: &["settlement-agent province example"],
        ends: USUAL,
        arguments: &[],
    },
    Page {
        path: "province try",
        does: "按接口代码表写出一种报文会发出的内容（JSON），用来和省平台的接口文档逐项核对；不发送任何数据",
        who: "能读配置文件的账户；写明 --table 时任何账户都可以",
        examples: &[
            "settlement-agent province try --transaction fee_detail",
            "settlement-agent province try 费用.json --transaction fee_detail --table 某省.toml",
        ],
        ends: USUAL,
        arguments: &[
            argument(
                "file",
                "报文文件",
                "按本机写法写的报文，JSON 格式；不写时用自带的例子，写 - 则从标准输入读取",
            ),
            argument("transaction", "交易名", "哪一种报文，如 fee_detail"),
            argument(
                "table",
                "接口代码表",
                "接口代码表文件；不写时用配置里的，配置里没有的用自带的",
            ),
            argument(
                "registration_number",
                "就医登记号",
                "报文里要带的就医登记号；不写时当作还没有",
            ),
        ],
    },
    Page {
        path: "province example",
        does: "写出自带的接口代码表，作为新一张表的底稿；或写出一种报文的本机写法，供修改后试用",
        who: "任何账户",
        examples: &[
            "settlement-agent province example",
            "settlement-agent province example --transaction fee_detail",
        ],
        ends: USUAL,
        arguments: &[argument(
            "transaction",
            "交易名",
            "写出这种报文的本机写法，不写接口代码表",
        )],
    },
    Page {
        path: "explain",
        does: "按窗口所用的规则判断文件里的一个案例：能不能结算、各行怎样分摊、依据哪一条；不用卡、网络和台账",
        who: "任何账户",
        examples: &[
            "settlement-agent explain 案例.json",
            "settlement-agent explain --lines < 案例.jsonl",
        ],
        ends: "0 都判断了；2 有不合格式的案例，错在哪一项写在结果里，或命令写得不对；1 读写出错",
        arguments: &[
            argument(
                "case",
                "案例文件",
                "一个案例，JSON 格式；写 - 则从标准输入读取",
            ),
            argument(
                "lines",
                "",
                "从标准输入逐行读取案例，逐行写出结果，次序不变",
            ),
        ],
    },
    Page {
        path: "rules",
        does: "列出窗口所用的每一条规则：问什么、依据哪一条、由谁规定，以及各省的参数",
        who: "任何账户",
        examples: &["settlement-agent rules"],
        ends: "0 成功；1 写不出去；2 命令写得不对",
        arguments: &[],
    },
];

const KEY_FILE: Argument = argument(
    "key_file",
    "密钥文件",
    "台账密钥文件；不写时用配置所指的，没有再用 /etc/settlement-agent/secrets/ledger.key",
);
const WHO: Argument = argument("who", "姓名", "作出这个决定的人的姓名；记入台账日志");
const WHY: Argument = argument("reason", "原因", "台账出了什么事、与谁核对过；记入台账日志");
