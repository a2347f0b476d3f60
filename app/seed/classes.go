package seed

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/people"
	"tiaojie/app/school"
	"tiaojie/db"
)

// classes shows the training school at work: courses that build on one another, an
// invited and an own lecturer, a class this evening and two to come. They are held in the
// evening, when nobody mediates.
func (d *demo) classes(ctx context.Context) error {
	trainer := access.Actor{Name: "演示教务", Roles: []access.Role{access.Trainer}}
	var courses []school.Course
	for i, c := range []school.CourseInput{
		{Code: "RM-01", Kind: "lecture", Title: "人民调解入门", Minutes: 90, Aims: "说得出调解的三项原则和当事人的权利\n会按步骤主持一次调解"},
		{Code: "RM-02", Kind: "expert", Title: "劳动争议里的数字", Minutes: 90, Aims: "会算加班费、经济补偿和未休年假工资\n知道哪些约定写了也不算数"},
		{Code: "RM-03", Kind: "drill", Title: "家事纠纷模拟调解", Minutes: 120, Aims: "分开谈时听得出真正的担心\n能把孩子的安排写进协议"},
	} {
		if i == 2 {
			c.Needs = []int64{courses[0].ID}
		}
		key, err := d.School.AddCourse(ctx, trainer, fmt.Sprint("seed-course-", i), c)
		if err != nil {
			return err
		}
		made, err := d.School.Course(ctx, d.DB, key)
		if err != nil {
			return err
		}
		courses = append(courses, made)
	}
	guest, err := d.School.AddLecturer(ctx, trainer, "seed-lecturer-0", school.LecturerInput{Name: "示例·陈老师", Title: "特聘讲师", Org: "示例劳动关系研究所",
		Topics: "加班费计算、经济补偿、调岗争议", Bio: "讲了多年劳动争议的实务课，习惯带一把计算器上课。", Consent: true})
	if err != nil {
		return err
	}
	own, err := d.ownLecturer(ctx, trainer)
	if err != nil {
		return err
	}
	evening := dayAt(d.DB.Now(), 19)
	if d.DB.Now().After(evening.Add(-time.Hour)) {
		evening = evening.AddDate(0, 0, 1)
	}
	for i, c := range []struct {
		course   school.Course
		lecturer string
		days     int
		size     int
		public   bool
	}{{courses[0], own, 0, 6, false}, {courses[1], guest, 3, 60, true}, {courses[2], own, 7, 20, false}} {
		start := evening.AddDate(0, 0, c.days)
		key, err := d.School.OpenClass(ctx, trainer, fmt.Sprint("seed-class-", i), c.course.Key, school.OfferingInput{BatchNo: "第1期", LecturerKey: c.lecturer, Place: "街道三楼大会议室",
			Start: start, End: start.Add(90 * time.Minute), Capacity: c.size, SelfSignup: true, Public: c.public, EarlyMin: 30, LateMin: 10})
		if err != nil {
			return err
		}
		if i == 0 {
			if err := d.fillClass(ctx, trainer, key); err != nil {
				return err
			}
		}
	}
	return nil
}

// dayAt is an hour of the local day of an instant.
func dayAt(t time.Time, hour int) time.Time {
	y, m, day := t.In(db.Shanghai).Date()
	return time.Date(y, m, day, hour, 0, 0, 0, db.Shanghai)
}

// ownLecturer makes one of the street's own people teach, and not one who signs in for the demonstration.
func (d *demo) ownLecturer(ctx context.Context, trainer access.Actor) (string, error) {
	roster, err := d.School.Learners(ctx, d.DB, trainer, school.LearnerFilter{Post: "full"})
	if err != nil || len(roster) == 0 {
		return "", err
	}
	i := max(0, slices.IndexFunc(roster, func(l school.Learner) bool { return l.AccountID == nil }))
	return d.School.AddLecturer(ctx, trainer, "seed-lecturer-1", school.LecturerInput{LearnerKey: roster[i].Key, Title: "专职调解员", Topics: "主持调解、家事", Bio: "演示人物。", Consent: true})
}

// fillClass fills the class with who signs in for the demonstration and some mediators,
// more than it holds, so that it has a waiting list.
func (d *demo) fillClass(ctx context.Context, trainer access.Actor, key string) error {
	o, err := d.School.Class(ctx, d.DB, key)
	if err != nil {
		return err
	}
	roster, err := d.School.Learners(ctx, d.DB, trainer, school.LearnerFilter{})
	if err != nil {
		return err
	}
	list, err := d.School.Weigh(ctx, d.DB, trainer, o, roster)
	if err != nil {
		return err
	}
	var first, rest []string
	for _, c := range list {
		switch own := c.Learner.AccountID != nil; {
		case c.Busy() || c.Learner.Name == o.Lecturer:
		case own && d.login(*c.Learner.AccountID, "mediator", "clerk"):
			first = append(first, c.Learner.Key)
		case len(rest) < 6:
			rest = append(rest, c.Learner.Key)
		}
	}
	_, err = d.School.Enrol(ctx, trainer, "seed-enrol-0", key, append(first, rest...), nil)
	return err
}

func (d *demo) login(accountID int64, logins ...string) bool {
	return slices.ContainsFunc(d.street.Accounts, func(a people.Account) bool { return a.ID == accountID && slices.Contains(logins, a.Login) })
}
