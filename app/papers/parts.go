package papers

// Part is one of the record's parts, in the order of the paper (law.md 3.6).
type Part struct {
	Name     string
	Title    string
	Hint     string
	PerParty bool // one text per party
	Private  bool // only the mediator whom it was told reads it; never printed
}

// Parts lists the seven parts of the record and the private one. The seventh,
// signatures, is not text: it is the read-back tick of each party and the ink.
var Parts = []Part{
	{Name: "rights", Title: "一、告知权利义务", Hint: "已向各方说明的权利和义务，以及各方有无异议、是否申请回避"},
	{Name: "principles", Title: "二、告知原则、方式和参加人身份", Hint: "自愿平等、不收费、不公开等；到场的是谁，由谁主持"},
	{Name: "facts", Title: "三、各方陈述", Hint: "当事人自己的话，尽量用原话", PerParty: true},
	{Name: "evidence", Title: "四、核实与质证", Hint: "看了哪些材料，各方认不认可"},
	{Name: "risk", Title: "五、风险告知", Hint: "不调解或不履行各有什么后果，时效和证据要注意什么"},
	{Name: "result", Title: "六、协议内容或未达成的原因", Hint: "谁、给谁、做什么或付多少、何时、怎么付；没谈成的写明原因和已告知的其他途径"},
	{Name: "caucus", Title: "单独沟通", Hint: "只有您自己能看到，不打印，不给另一方；更换调解员后，接手的人要当事人同意才能看", PerParty: true, Private: true},
}

// Signatures is the title of the seventh part.
const Signatures = "七、签名确认"

func partOf(name string) (Part, bool) {
	for _, p := range Parts {
		if p.Name == name {
			return p, true
		}
	}
	return Part{}, false
}

// IDDocuments are the papers by which identity is seen.
var IDDocuments = []string{"居民身份证", "港澳居民来往内地通行证", "台湾居民来往大陆通行证", "港澳台居民居住证", "护照",
	"外国人永久居留身份证", "营业执照和授权书", "户口簿", "其他证件"}

// IsPart tells whether a form field is a part of the record.
func IsPart(name string) bool { _, ok := partOf(name); return ok }
