package docket

import (
	"encoding/json"

	"tiaojie/app/people"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Side is a party's place in the case.
type Side string

const (
	SideApplicant  Side = "applicant"  // 申请人
	SideRespondent Side = "respondent" // 被申请人
	SideThird      Side = "third"      // 第三人
)

// PartyView is a party as read: name in clear, the rest sealed until opened.
type PartyView struct {
	ID            int64   `db:"id"`
	Key           string  `db:"key"`
	CaseID        int64   `db:"case_id"`
	Seq           int     `db:"seq"`
	Side          Side    `db:"side"`
	Kind          string  `db:"kind"` // person, organisation
	Name          string  `db:"name"`
	Pinyin        string  `db:"pinyin"`
	IDKind        string  `db:"id_kind"`
	PhoneSealed   []byte  `db:"phone_sealed"`
	PhoneIndex    string  `db:"phone_index"`
	IDNoSealed    []byte  `db:"idno_sealed"`
	IDNoIndex     string  `db:"idno_index"`
	AddressSealed []byte  `db:"address_sealed"`
	AddressIndex  string  `db:"address_index"`
	EmployerSeal  []byte  `db:"employer_sealed"`
	EmployerIndex string  `db:"employer_index"`
	HouseSealed   []byte  `db:"household_sealed"`
	HouseIndex    string  `db:"household_index"`
	DetailsSealed []byte  `db:"details_sealed"`
	StatementSeal []byte  `db:"statement_sealed"`
	Consent       string  `db:"consent"` // waiting, agreed, refused
	ConsentAt     db.Time `db:"consent_at"`
	ConsentHow    string  `db:"consent_how"` // web, window, phone, letter
	ConsentBy     int64   `db:"consent_by"`  // the clerk who wrote it down, 0 for the party itself
	InviteHash    *string `db:"invite_hash"`
	InvitedAt     db.Time `db:"invited_at"`
	InviteChannel string  `db:"invite_channel"`
	QueryHash     string  `db:"query_hash"`
	Version       int64   `db:"version"`
	Absences      int     `db:"absences"` // dates to which nobody came for it
}

// Must tells whether the party's consent is needed for mediation; a third party's is not.
func (p PartyView) Must() bool { return p.Side != SideThird }

const partyColumns = `p.id, p.key, p.case_id, p.seq, p.side, p.kind, p.name, p.pinyin, p.id_kind, p.phone_sealed, p.phone_index,
	p.idno_sealed, p.idno_index, p.address_sealed, p.address_index, p.employer_sealed, p.employer_index, p.household_sealed,
	p.household_index, p.details_sealed, p.statement_sealed, p.consent, p.consent_at, p.consent_how, p.consent_by,
	p.invite_hash, p.invited_at, p.invite_channel, p.query_hash, p.version, p.absences`

// PartyFacts is what is sealed about a party, in clear. Details go into papers
// (人民调解申请书 needs sex, ethnic group, age, occupation).
type PartyFacts struct {
	Phone, IDNo, Address, Employer, Household, Statement string
	Details                                              PartyDetails
}

// PartyDetails are facts for the papers; all may be empty.
type PartyDetails struct {
	Gender     string `json:"gender,omitempty"`      // 男, 女
	Ethnic     string `json:"ethnic,omitempty"`      // 民族
	BornOn     string `json:"born_on,omitempty"`     // 2006-01-02
	Occupation string `json:"occupation,omitempty"`  // 职业或职务
	CreditCode string `json:"credit_code,omitempty"` // 统一社会信用代码
	LegalRep   string `json:"legal_rep,omitempty"`   // 法定代表人
	LegalPost  string `json:"legal_post,omitempty"`  // 其职务
	ServeAt    string `json:"serve_at,omitempty"`    // 送达地址 (深圳条例74)
}

// sealed is a party's protected values, ready to be stored.
type sealed struct {
	phone, idno, address, employer, household, details, statement []byte
	phoneIx, idnoIx, addressIx, employerIx, householdIx           string
}

func (s *Service) sealParty(key string, f PartyFacts) (sealed, error) {
	details := ""
	if f.Details != (PartyDetails{}) {
		raw, err := json.Marshal(f.Details)
		if err != nil {
			return sealed{}, err
		}
		details = string(raw)
	}
	b := s.box
	return sealed{
		phone: b.Seal(partyPlace("phone", key), f.Phone), phoneIx: b.Blind("phone", f.Phone),
		idno: b.Seal(partyPlace("idno", key), f.IDNo), idnoIx: b.Blind("idno", f.IDNo),
		address: b.Seal(partyPlace("address", key), f.Address), addressIx: b.Blind("address", people.NormAddress(f.Address)),
		employer: b.Seal(partyPlace("employer", key), f.Employer), employerIx: b.Blind("employer", people.NormOrg(f.Employer)),
		household: b.Seal(partyPlace("household", key), f.Household), householdIx: b.Blind("address", people.NormAddress(f.Household)),
		details: b.Seal(partyPlace("details", key), details), statement: b.Seal(partyPlace("statement", key), f.Statement),
	}, nil
}

func partyPlace(column, key string) string { return "case_parties." + column + ":" + key }

// OpenParty gives a party's protected values in clear. The caller has checked that
// the reader may see them; Reveal is the checked and audited way for a page.
func (s *Service) OpenParty(p PartyView) (PartyFacts, error) {
	var f PartyFacts
	var details string
	for _, v := range []struct {
		column string
		sealed []byte
		into   *string
	}{
		{"phone", p.PhoneSealed, &f.Phone}, {"idno", p.IDNoSealed, &f.IDNo}, {"address", p.AddressSealed, &f.Address},
		{"employer", p.EmployerSeal, &f.Employer}, {"household", p.HouseSealed, &f.Household},
		{"details", p.DetailsSealed, &details}, {"statement", p.StatementSeal, &f.Statement},
	} {
		text, err := s.box.Open(partyPlace(v.column, p.Key), v.sealed)
		if err != nil {
			return f, err
		}
		*v.into = text
	}
	if details == "" {
		return f, nil
	}
	return f, json.Unmarshal([]byte(details), &f.Details)
}

// newCode makes an invitation's short code: 8 characters to be read aloud, about 39 bits,
// behind limits per address and per hour.
func newCode() string { return seal.NewKey()[:8] }
