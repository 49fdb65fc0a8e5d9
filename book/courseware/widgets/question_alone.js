// question_alone.js - one question is the whole widget
export default { render: drawQuestion };
