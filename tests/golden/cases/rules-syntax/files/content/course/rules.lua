return {
  score_question = function(question, answer
    return 100
  end,
}
